import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { follow } from '../../src/telemetry/follower.ts';
import { DeadLetters } from '../../src/telemetry/sinks/dead-letters.ts';
import { SyslogSink, type SyslogSinkOptions } from '../../src/telemetry/sinks/syslog/syslog.ts';
import { Authority } from '../api/tls/authority.ts';
import { hasOpenssl } from '../api/tls/openssl.ts';
import { collector } from './collector.ts';
import { addSession, folder, followerOf, ledgerOf, placeIn } from './ground.ts';

const clock = { now: () => 1_763_683_200_000 };
const never = new AbortController().signal;
const host = '127.0.0.1';
const delivery = { lines: ['<110>1 - - aegis - A - grüße', '<110>1 - - aegis - B - two'], first: 1, last: 2 };

function sinkTo(to: SyslogSinkOptions['to'], attempts = 3) {
  const letters = join(folder(), 'dead.jsonl');
  const warnings: string[] = [];
  const sink = new SyslogSink({
    name: 'siem',
    to,
    attempts,
    deadLetters: new DeadLetters(letters, clock),
    warn: (text) => warnings.push(text),
    firstWaitMs: 1,
  });
  return { sink, letters, warnings };
}

const positionsOf = (messages: readonly string[]): number[] =>
  messages.map((message) => Number(/ position="(\d+)"/.exec(message)?.[1]));

describe('a collector over TCP', () => {
  it('gets each message with its length in octets, and nothing between them', async () => {
    const { port, messages, garbage } = await collector();
    await sinkTo({ kind: 'tcp', host, port }).sink.write(delivery, never);
    expect(messages).toEqual(delivery.lines);
    expect(garbage).toEqual([]);
  });

  it('that breaks a connection off, or turns it away, gets all of the batch again', async () => {
    const { port, messages, connections } = await collector(undefined, (socket, connection) => {
      if (connection > 2) return false;
      if (connection === 1) socket.once('data', () => socket.resetAndDestroy());
      else socket.end();
      return true;
    });
    const { sink, letters } = sinkTo({ kind: 'tcp', host, port }, 5);
    await sink.write(delivery, never);
    expect(messages).toEqual(delivery.lines);
    expect(connections()).toBe(3);
    expect(existsSync(letters)).toBe(false);
  });

  it('that is away misses what was tried often enough, which is kept', async () => {
    const { sink, letters, warnings } = sinkTo({ kind: 'tcp', host, port: 1 });
    await sink.write(delivery, never);
    expect(JSON.parse(readFileSync(letters, 'utf8'))).toMatchObject({
      first: 1,
      last: 2,
      lines: delivery.lines,
    });
    expect(warnings[0]).toContain('siem: events 1 to 2 go to the dead letters');
  });

  it('that takes nothing is left when the follower is stopped', async () => {
    const { port } = await collector(undefined, (socket) => {
      socket.pause();
      return true;
    });
    const stop = new AbortController();
    const written = sinkTo({ kind: 'tcp', host, port }).sink.write(delivery, stop.signal);
    setTimeout(() => stop.abort(), 50);
    await expect(written).rejects.toThrow('abort');
  });

  it('gets every event of a ledger once, also of what came while it was away', async () => {
    const path = folder();
    const store = await ledgerOf(200);
    const place = placeIn(path);
    const { port, messages } = await collector();
    await follow(followerOf(store, sinkTo({ kind: 'tcp', host, port }).sink, place, 'syslog'), never);
    await addSession(store, 'ses_more');
    await follow(followerOf(store, sinkTo({ kind: 'tcp', host, port }).sink, place, 'syslog'), never);
    expect(positionsOf(messages)).toEqual(Array.from({ length: 1_206 }, (_, at) => at + 1));
    for (const message of messages)
      expect(message).toMatch(/^<\d+>1 \d{4}-\d\d-\d\dT\S+Z - aegis - \w+ \[aegis@32473 /);
  });
});

/** A certificate of an authority of its own. */
function issued() {
  const authority = new Authority();
  onTestFinished(() => authority.remove());
  return { ca: authority.root, tls: authority.issue('IP:127.0.0.1', 'serverAuth') };
}

describe.skipIf(!hasOpenssl)('a collector over TLS', () => {
  it('gets the messages when its certificate is one that is believed', async () => {
    const { ca, tls } = issued();
    const { port, messages } = await collector(tls);
    await sinkTo({ kind: 'tls', host, port, ca }).sink.write(delivery, never);
    expect(messages).toEqual(delivery.lines);
  });

  it('gets nothing when nobody vouches for it', async () => {
    const { port, messages } = await collector(issued().tls);
    const { sink, letters } = sinkTo({ kind: 'tls', host, port }, 1);
    await sink.write(delivery, never);
    expect(messages).toEqual([]);
    expect(readFileSync(letters, 'utf8')).toContain('unable to verify');
  });
});

describe('a collector over UDP', () => {
  it('gets a message in each datagram', async () => {
    const socket = createSocket('udp4').bind(0, host);
    onTestFinished(() => void socket.close());
    await once(socket, 'listening');
    const messages: string[] = [];
    socket.on('message', (message) => messages.push(message.toString()));
    const { port } = socket.address() as AddressInfo;
    await sinkTo({ kind: 'udp', host, port }).sink.write(delivery, never);
    await vi.waitFor(() => expect(messages).toEqual(delivery.lines));
  });

  it('does not stop the follower with a message that no datagram can hold', async () => {
    const socket = createSocket('udp4').bind(0, host);
    onTestFinished(() => void socket.close());
    await once(socket, 'listening');
    const { sink, letters } = sinkTo({ kind: 'udp', host, port: (socket.address() as AddressInfo).port });
    await sink.write({ lines: ['x'.repeat(70_000)], first: 1, last: 1 }, never);
    expect(readFileSync(letters, 'utf8')).toContain('EMSGSIZE');
  });
});
