import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { DeadLetters } from '../../src/telemetry/sinks/dead-letters.ts';
import { HttpSink } from '../../src/telemetry/sinks/http.ts';
import { folder, receiver } from './ground.ts';

const clock = { now: () => 1_763_683_200_000 };
const never = new AbortController().signal;
const delivery = { lines: ['{"position":1}', '{"position":2}'], first: 1, last: 2 };

function sinkTo(url: string, attempts = 3) {
  const letters = join(folder(), 'dead', 'hook.jsonl');
  const warnings: string[] = [];
  const sink = new HttpSink({
    name: 'hook',
    url,
    headers: { Authorization: 'Bearer of-the-receiver' },
    secret: 'the-key',
    attempts,
    message: (lines) => messageOf('ndjson', lines),
    deadLetters: new DeadLetters(letters, clock),
    clock,
    warn: (text) => warnings.push(text),
    firstWaitMs: 1,
  });
  return { sink, letters, warnings };
}

describe('a webhook', () => {
  it('is signed, and names the events that it delivers', async () => {
    const { url, posts } = await receiver(200);
    await sinkTo(url).sink.write(delivery, never);
    const [post] = posts;
    expect(post?.body).toBe('{"position":1}\n{"position":2}\n');
    const mac = createHmac('sha256', 'the-key').update(`1763683200.${post?.body}`).digest('hex');
    expect(post?.headers).toMatchObject({
      authorization: 'Bearer of-the-receiver',
      'content-type': 'application/x-ndjson',
      'aegis-delivery': 'hook/1-2',
      'aegis-signature': `t=1763683200,v1=${mac}`,
    });
  });

  it('is sent again, under the same name, until it is taken', async () => {
    const { url, posts } = await receiver(503, 429, 200);
    const { sink, letters } = sinkTo(url);
    await sink.write(delivery, never);
    expect(posts.map(({ headers }) => headers['aegis-delivery'])).toEqual([
      'hook/1-2',
      'hook/1-2',
      'hook/1-2',
    ]);
    expect(existsSync(letters)).toBe(false);
  });

  it('goes to the dead letters after the last attempt', async () => {
    const { url, posts } = await receiver(500);
    const { sink, letters, warnings } = sinkTo(url);
    await sink.write(delivery, never);
    expect(posts).toHaveLength(3);
    expect(JSON.parse(readFileSync(letters, 'utf8'))).toEqual({
      time: '2025-11-21T00:00:00.000Z',
      why: 'it answered 500',
      first: 1,
      last: 2,
      lines: delivery.lines,
    });
    expect(warnings).toEqual(['hook: events 1 to 2 go to the dead letters: it answered 500']);
  });

  it('goes to the dead letters at once when it is refused for good', async () => {
    const { url, posts } = await receiver(400);
    const { sink, letters } = sinkTo(url);
    await sink.write(delivery, never);
    expect(posts).toHaveLength(1);
    expect(existsSync(letters)).toBe(true);
  });

  it('does not follow a redirect to where nobody said that events go', async () => {
    const { url, posts } = await receiver(307);
    const { sink, letters } = sinkTo(url);
    await sink.write(delivery, never);
    expect(posts).toHaveLength(1);
    expect(readFileSync(letters, 'utf8')).toContain('it answered 307');
  });

  it('goes to the dead letters when nobody listens', async () => {
    const { sink, letters } = sinkTo('http://127.0.0.1:1/hook');
    await sink.write(delivery, never);
    expect(existsSync(letters)).toBe(true);
  });

  it('is given up, and in no dead letter, when the daemon stops: it is delivered after the next start', async () => {
    const { url } = await receiver(500);
    const { sink, letters } = sinkTo(url, 1_000);
    const stop = new AbortController();
    const writing = sink.write(delivery, stop.signal);
    setTimeout(() => stop.abort(), 20);
    await expect(writing).rejects.toThrow();
    expect(existsSync(letters)).toBe(false);
  });
});
