import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  cosignature,
  EMPTY_ROOT,
  formatCheckpoint,
  parseNote,
  parseSignatures,
  parseVerifierKey,
  type VerifierKey,
  verifyCosignatures,
} from '@aegis/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { generateKey } from '../../src/evidence/keys/key-pair.ts';
import { openWitness, type OpenWitness } from '../../src/evidence/witness/server.ts';
import { formatSubmission } from '../../src/evidence/witness/submission.ts';
import { digest, sha256, systemClock, verifyEd25519 } from '../../src/platform.ts';
import { ask, type Asked, ORIGIN } from './asked-witness.ts';
import { ground } from './ground.ts';
import { Log } from './log.ts';

async function witnessOf(folder: string, ...logs: readonly Log[]): Promise<OpenWitness> {
  const witness = await openWitness({
    host: '127.0.0.1',
    port: 0,
    logs: logs.map(({ key }) => key),
    folder,
    clock: systemClock,
  });
  onTestFinished(() => witness.close());
  return witness;
}

function keyOf(line: string): VerifierKey {
  const key = parseVerifierKey(line, digest);
  if (typeof key === 'string') throw new Error(key);
  return key;
}

/** Whether an answer is a valid cosignature of the witness under the note. */
function cosigned(note: string, answer: string, witness: string): boolean {
  const [read, signatures] = [parseNote(note), parseSignatures(answer)];
  if (typeof read === 'string' || typeof signatures === 'string') return false;
  const valid = verifyCosignatures({ text: read.text, signatures }, [keyOf(witness)], verifyEd25519);
  return typeof valid !== 'string' && valid.length === 1;
}

describe('a witness', () => {
  it('cosigns a log that it knows as it grows', async () => {
    const log = new Log(ORIGIN);
    const { url, key } = await witnessOf(ground().folder, log);
    let seen = 0;
    for (const size of [3, 4, 4, 9, 64, 200]) {
      const { status, text } = await ask(url, await log.submission(seen, size));
      expect({ size, status }).toEqual({ size, status: 200 });
      expect(cosigned(log.note(size), text, key)).toBe(true);
      seen = size;
    }
  });

  it('says the time at which it cosigned', async () => {
    const log = new Log(ORIGIN);
    const { url, key } = await witnessOf(ground().folder, log);
    const before = Math.floor(Date.now() / 1000);
    const { text } = await ask(url, await log.submission(0, 3));
    const signatures = parseSignatures(text);
    const read = parseNote(log.note(3));
    if (typeof signatures === 'string' || typeof read === 'string') throw new Error('not signed');
    const [valid] = verifyCosignatures({ text: read.text, signatures }, [keyOf(key)], verifyEd25519);
    expect(valid).toMatchObject({
      time: expect.toSatisfy((time: number) => time >= before && time <= Date.now() / 1000),
    });
  });

  const log = new Log(ORIGIN);
  /** The same name and key, other leaves. */
  const pair = generateKey().key;
  const [honest, forked] = [new Log(ORIGIN, 'log', pair), new Log(ORIGIN, 'fork', pair)];
  const stranger = new Log('aegis-ffffffffffff');
  const impostor = new Log(ORIGIN);

  it.each<[string, () => Promise<string>, Partial<Asked>]>([
    [
      'an old size beyond the checkpoint',
      async () => formatSubmission({ oldSize: 9, proof: [], note: honest.note(5) }),
      { status: 400 },
    ],
    [
      'another old size than the one it has cosigned',
      () => honest.submission(3, 9),
      { status: 409, type: 'text/x.tlog.size', text: '5\n' },
    ],
    [
      'an old size of zero for a log that it has cosigned',
      () => honest.submission(0, 9),
      { status: 409, text: '5\n' },
    ],
    ['a smaller log', () => honest.submission(3, 4), { status: 409, text: '5\n' }],
    ['a fork of the same size', () => forked.submission(5, 5), { status: 422 }],
    ['a fork that has grown', () => forked.submission(5, 9), { status: 422 }],
    [
      'a proof that proves nothing',
      async () => formatSubmission({ oldSize: 5, proof: [EMPTY_ROOT], note: honest.note(9) }),
      { status: 422 },
    ],
    [
      'no proof',
      async () => formatSubmission({ oldSize: 5, proof: [], note: honest.note(9) }),
      { status: 422 },
    ],
    ['a log that it does not know', () => stranger.submission(0, 3), { status: 404 }],
    ['a log whose name and not whose key it knows', () => impostor.submission(0, 3), { status: 403 }],
    [
      'a signature that does not verify',
      async () =>
        formatSubmission({
          oldSize: 5,
          proof: await honest.proof(5, 9),
          note: honest.note(9).replace('\n9\n', '\n8\n'),
        }),
      { status: 403 },
    ],
    ['nothing', async () => '', { status: 400 }],
    ['a note without the lines before it', async () => honest.note(9), { status: 400 }],
    [
      'a size with a leading zero',
      async () => (await honest.submission(5, 9)).replace('old 5', 'old 05'),
      { status: 400 },
    ],
    [
      '64 hashes',
      async () =>
        formatSubmission({
          oldSize: 5,
          proof: Array.from({ length: 64 }, () => EMPTY_ROOT),
          note: honest.note(9),
        }),
      { status: 400 },
    ],
    [
      'a hash that is none',
      async () => (await honest.submission(5, 9)).replace('\n', '\nAAAA\n'),
      { status: 400 },
    ],
    ['more than it takes', async () => 'x'.repeat(70_000), { status: 413 }],
  ])('does not cosign %s', async (_, body, want) => {
    const { url } = await witnessOf(ground().folder, honest);
    expect(await ask(url, await honest.submission(0, 5))).toMatchObject({ status: 200 });
    const given = await ask(url, await body());
    expect(given).toMatchObject(want);
    expect(given.text).not.toContain('\u2014');
    // And it is still where it was.
    expect(await ask(url, await honest.submission(5, 6))).toMatchObject({ status: 200 });
  });

  it('does not cosign an empty log with a root', async () => {
    const { url } = await witnessOf(ground().folder, log);
    const note = log.sign(formatCheckpoint({ origin: ORIGIN, size: 0, root: new Uint8Array(32).fill(7) }));
    expect(await ask(url, formatSubmission({ oldSize: 0, proof: [], note }))).toMatchObject({ status: 422 });
    const empty = log.sign(formatCheckpoint({ origin: ORIGIN, size: 0, root: EMPTY_ROOT }));
    expect(await ask(url, formatSubmission({ oldSize: 0, proof: [], note: empty }))).toMatchObject({
      status: 200,
    });
  });

  it('cosigns one of two forks that come at the same moment', async () => {
    const { url } = await witnessOf(ground().folder, honest);
    const bodies = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? honest : forked).submission(0, 5)),
    );
    const answers = await Promise.all(bodies.map((body) => ask(url, body)));
    const winners = answers.flatMap(({ status }, i) => (status === 200 ? [i % 2] : []));
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
  });

  it('serves what it has cosigned to those who watch', async () => {
    const { folder } = ground();
    const { url, key } = await witnessOf(folder, log);
    const place = `${url}/${sha256(ORIGIN)}/checkpoint`;
    expect((await fetch(place)).status).toBe(404);
    const theirs = cosignature({ name: 'other', keyId: '01020304' }, 5, new Uint8Array(64));
    const body = formatSubmission({ oldSize: 0, proof: [], note: log.note(3, [theirs]) });
    const { text } = await ask(url, body);
    const served = await (await fetch(place)).text();
    // Its own signature and the log's; what others have written under the note is not its business.
    expect(served).toBe(`${log.note(3)}${text}`);
    expect(key).toContain('aegis-witness-');
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
    expect((await fetch(`${url}/add-checkpoint`)).status).toBe(405);
  });

  it('goes on where it was after a restart, with the same key', async () => {
    const { folder } = ground();
    const first = await witnessOf(folder, log);
    await ask(first.url, await log.submission(0, 5));
    await first.close();
    const second = await witnessOf(folder, log);
    expect(second.key).toBe(first.key);
    expect(await ask(second.url, await log.submission(0, 9))).toMatchObject({ status: 409, text: '5\n' });
    expect(await ask(second.url, await log.submission(5, 9))).toMatchObject({ status: 200 });
    const files = readdirSync(folder);
    for (const name of files) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
  });

  it('does not begin again when it cannot read what it has seen', async () => {
    const { folder } = ground();
    const first = await witnessOf(folder, log);
    await ask(first.url, await log.submission(0, 5));
    await first.close();
    writeFileSync(join(folder, `${sha256(ORIGIN)}.note`), 'rubbish');
    const second = await witnessOf(folder, log);
    expect(await ask(second.url, await log.submission(0, 3))).toMatchObject({ status: 500 });
  });

  it('has its folder for itself', { timeout: 30_000 }, async () => {
    const { folder } = ground();
    await witnessOf(folder, log);
    await expect(witnessOf(folder, log)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
