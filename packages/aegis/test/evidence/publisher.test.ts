import { readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseNote, parseVerifierKey } from '@aegis/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { witnessing } from '../../src/evidence/cosigned.ts';
import { Publisher, type PublisherOptions } from '../../src/evidence/publisher.ts';
import type { SealedLedger, SealedLedgerOptions } from '../../src/evidence/sealed-ledger.ts';
import type { Witness } from '../../src/evidence/witness/client.ts';
import { openWitness } from '../../src/evidence/witness/server.ts';
import { INSTALLATION_LOG, type StoredCheckpoint } from '../../src/ledger-ports.ts';
import { digest, systemClock } from '../../src/platform.ts';
import { note, SessionWriter, started } from '../store/session-writer.ts';
import { checkpointOf, type Ground, ground, openLedger } from './ground.ts';
import { Log } from './log.ts';

/** A ledger that was signed once, so that its key and its name are known. */
async function begun(
  place: Ground,
  options: Partial<SealedLedgerOptions> = {},
): Promise<[SealedLedger, SessionWriter]> {
  const ledger = await openLedger(place, options);
  const writer = new SessionWriter(`ses_${Math.random().toString(36).slice(2)}`);
  await ledger.append(writer.seal(started));
  await ledger.sealNow();
  return [ledger, writer];
}

/** A witness of our own for the ledger's log over everything. */
async function witnessFor(ledger: SealedLedger): Promise<Witness & { close(): Promise<void> }> {
  const folder = ground().folder;
  const { keys } = await ledger.identity(INSTALLATION_LOG);
  const open = await openWitness({ host: '127.0.0.1', port: 0, logs: keys, folder, clock: systemClock });
  onTestFinished(() => open.close());
  const key = parseVerifierKey(open.key, digest);
  if (typeof key === 'string') throw new Error(key);
  return { url: open.url, key, close: () => open.close() };
}

/** A server that answers as it is told, and remembers what it was sent. */
async function serverThat(
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void,
) {
  const bodies: string[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    bodies.push(body);
    answer(request, body, response);
  };
  const server = createServer((request, response) => {
    void take(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
}

describe('witnesses', () => {
  it('cosign every checkpoint of the installation, and the stored note has it', async () => {
    const place = ground();
    const [first] = await begun(place);
    const witnesses = [await witnessFor(first), await witnessFor(first)];
    await first.close();
    const [ledger, writer] = await begun(place, { witnesses });
    for (let i = 0; i < 4; i++) {
      await ledger.append(writer.seal(note(`${i}`)));
      await ledger.sealNow();
      expect(await ledger.published(10_000)).toEqual([]);
      const stored = await ledger.trees.checkpoint(INSTALLATION_LOG);
      const policy = { witnesses: witnesses.map(({ key }) => key), quorum: 2 };
      expect(witnessing(stored?.note ?? '', policy)).toMatchObject({
        enough: true,
        missing: [],
        cosigned: [{}, {}],
      });
    }
    // The tenants' own logs, with their names, are nobody else's business.
    expect(parseNote((await ledger.trees.checkpoint('acme'))?.note ?? '')).toMatchObject({
      signatures: [{}],
    });
  });

  it('get what a process that is gone could not show them', async () => {
    const place = ground();
    const [first] = await begun(place);
    const witness = await witnessFor(first);
    await first.close();
    const ledger = await openLedger(place, { witnesses: [witness] });
    await ledger.published(10_000);
    const { note: stored } = await checkpointOf(ledger, place);
    expect(witnessing(stored, { witnesses: [witness.key], quorum: 1 }).enough).toBe(true);
  });

  it('that are away hold nothing up, are named, and are asked again', async () => {
    const place = ground();
    const [first] = await begun(place);
    const witness = await witnessFor(first);
    await first.close();
    await witness.close();
    const warnings: string[] = [];
    const [ledger] = await begun(place, { witnesses: [witness], warn: (text) => warnings.push(text) });
    expect(ledger.problem()).toBeUndefined();
    await expect
      .poll(() => warnings)
      .toEqual([expect.stringMatching(/^witness `aegis-witness-.*`: it cannot be reached: ECONNREFUSED/)]);
    expect(await ledger.published(1)).toEqual(warnings);
    const began = performance.now();
    await ledger.close();
    expect(performance.now() - began).toBeLessThan(25_000);
  });

  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    ['an error', (response) => response.writeHead(500).end('no'), /it answered 500/],
    ['nothing that is signed', (response) => response.end('hello\n'), /its answer has no signature lines/],
    [
      '409 without a size',
      (response) => response.writeHead(409).end('five\n'),
      /it answered 409 and no size/,
    ],
    [
      '409 with a size beyond the log',
      (response) => response.writeHead(409).end('4711\n'),
      /it has cosigned 4711 leaves, more than this ledger has/,
    ],
    ['a flood', (response) => response.end('x'.repeat(100_000)), /cannot be reached/],
    [
      'an answer elsewhere',
      (response) => response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
      /it answered 307/,
    ],
  ])('that answer with %s are believed nothing', async (_, answer, problem) => {
    const place = ground();
    const server = await serverThat((_request, _body, response) => answer(response));
    const warnings: string[] = [];
    const witness = { url: server.url, key: new Log('witness').key };
    const cosigner = { ...witness, key: { ...witness.key, algorithm: 'ed25519-cosignature' as const } };
    const [ledger] = await begun(place, { witnesses: [cosigner], warn: (text) => warnings.push(text) });
    await expect.poll(() => warnings).toEqual([expect.stringMatching(problem)]);
    expect(parseNote((await checkpointOf(ledger, place)).note)).toMatchObject({ signatures: [{}] });
  });

  it('cannot put a signature of another under a note', async () => {
    const place = ground();
    const [first] = await begun(place);
    const [expected, other] = [await witnessFor(first), await witnessFor(first)];
    await first.close();
    const warnings: string[] = [];
    const [ledger] = await begun(place, {
      witnesses: [{ url: other.url, key: expected.key }],
      warn: (text) => warnings.push(text),
    });
    await expect.poll(() => warnings).toEqual([expect.stringContaining('its cosignature is not valid')]);
    expect(parseNote((await checkpointOf(ledger, place)).note)).toMatchObject({ signatures: [{}] });
  });

  it('count only as far as the policy needs them', async () => {
    const place = ground();
    const [first] = await begun(place);
    const [one, two] = [await witnessFor(first), await witnessFor(first)];
    await first.close();
    const [ledger] = await begun(place, { witnesses: [one] });
    await ledger.published(10_000);
    const { note: stored } = await checkpointOf(ledger, place);
    const witnesses = [one.key, two.key];
    expect(witnessing(stored, { witnesses, quorum: 1 })).toMatchObject({
      enough: true,
      missing: [two.key.name],
    });
    expect(witnessing(stored, { witnesses, quorum: 2 })).toMatchObject({ enough: false });
    const spoiled = stored.replace(/(\u2014 aegis-witness-\S+ .{30})./, (_, kept: string) => `${kept}_`);
    expect(witnessing(spoiled, { witnesses, quorum: 1 })).toMatchObject({ enough: false, cosigned: [] });
  });
});

describe('anchors', () => {
  it('in a file have every checkpoint, one after the other, and nobody else can read it', async () => {
    const place = ground();
    const file = join(place.folder, 'anchor.notes');
    const notes: string[] = [];
    const [ledger, writer] = await begun(place, { anchor: { kind: 'file', file } });
    for (let i = 0; i < 3; i++) {
      notes.push((await checkpointOf(ledger, place)).note);
      await ledger.append(writer.seal(note(`${i}`)));
      await ledger.sealNow();
    }
    notes.push((await checkpointOf(ledger, place)).note);
    await ledger.close();
    expect(readFileSync(file, 'utf8')).toBe(notes.map((one) => `${one}\n`).join(''));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('at an address get every checkpoint', async () => {
    const place = ground();
    const server = await serverThat((_request, _body, response) => response.writeHead(204).end());
    const [ledger, writer] = await begun(place, {
      anchor: { kind: 'url', url: `${server.url}/notes?token=s3cret` },
    });
    await ledger.append(writer.seal(note('more')));
    await ledger.sealNow();
    await ledger.published(10_000);
    expect(server.bodies).toEqual([
      expect.stringContaining('\n1\n'),
      (await checkpointOf(ledger, place)).note,
    ]);
  });

  it('that fail are tried again, so often and no more, and named without what is secret in them', async () => {
    const place = ground();
    const [ledger] = await begun(place);
    const server = await serverThat((_request, _body, response) => response.writeHead(503).end());
    const warnings: string[] = [];
    const publisher = publisherOver(ledger, place, {
      anchor: { kind: 'url', url: `${server.url}/notes?token=s3cret` },
      warn: (text) => warnings.push(text),
      retryAfterMs: [5, 10],
    });
    publisher.offer((await ledger.trees.checkpoint(INSTALLATION_LOG)) as StoredCheckpoint);
    await publisher.idle(10_000);
    expect(server.bodies).toHaveLength(3);
    expect(warnings).toEqual([`anchor \`${server.url}/notes\`: it answered 503`]);
    expect(publisher.problems()).toEqual(warnings);
  });

  it('that never answer are given up when the ledger is closed', async () => {
    const place = ground();
    const server = await serverThat(() => {});
    const [ledger] = await begun(place, { anchor: { kind: 'url', url: server.url } });
    await expect.poll(() => server.bodies.length).toBe(1);
    const began = performance.now();
    await ledger.close();
    expect(performance.now() - began).toBeLessThan(25_000);
  });
});

function publisherOver(
  { trees }: SealedLedger,
  { keys }: Ground,
  options: Partial<PublisherOptions>,
): Publisher {
  const publisher = new Publisher({
    trees,
    folder: keys,
    witnesses: [],
    anchor: undefined,
    warn: () => {},
    ...options,
  });
  onTestFinished(() => publisher.close(0));
  return publisher;
}
