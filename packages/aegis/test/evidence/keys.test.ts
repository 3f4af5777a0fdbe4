import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readKey } from '../../src/evidence/keys/key-pair.ts';
import { makeKeys } from '../../src/evidence/keys/open-keys.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { SessionWriter, started } from '../store/session-writer.ts';
import { checkpointOf, type Ground, ground, openLedger } from './ground.ts';

const sealer = fileURLToPath(new URL('./sealer-process.ts', import.meta.url));

function modes({ keys }: Ground): Record<string, string> {
  const files = readdirSync(keys).map((name) => [name, join(keys, name)] as const);
  return Object.fromEntries(
    [['.', keys] as const, ...files].map(([name, path]) => [name, (statSync(path).mode & 0o777).toString(8)]),
  );
}

function pemIn({ keys }: Ground): string {
  return join(keys, readdirSync(keys).find((name) => name.endsWith('.pem')) ?? '');
}

/** A ledger with one signed event, closed again. */
async function signedLedger(): Promise<Ground> {
  const place = ground();
  const ledger = await openLedger(place);
  await ledger.append(new SessionWriter('ses_1').seal(started));
  await ledger.close();
  return place;
}

describe('the key folder', () => {
  it('is made at the first start, for its owner alone', async () => {
    const place = await signedLedger();
    const pem = readdirSync(place.keys).find((name) => name.endsWith('.pem')) ?? '';
    expect(modes(place)).toEqual({
      '.': '700',
      'head.json': '600',
      'ledger.json': '600',
      lock: '600',
      [pem]: '600',
    });
  });

  it('never has the private key outside of its file', async () => {
    const place = await signedLedger();
    const pem = readFileSync(pemIn(place), 'utf8');
    const secret = pem.split('\n')[1] ?? '';
    expect(secret.length).toBeGreaterThan(40);
    const key = readKey(pem, 'key');
    expect(`${inspect(key, { depth: 9, showHidden: true })}${JSON.stringify(key)}`).not.toContain(
      secret.slice(-30),
    );
    for (const name of readdirSync(place.keys)) {
      if (!name.endsWith('.pem'))
        expect(readFileSync(join(place.keys, name), 'latin1')).not.toContain(secret);
    }
    expect(readFileSync(place.ledger, 'latin1')).not.toContain(secret);
  });

  it('that was made before the ledger gives it its name', async () => {
    const place = ground();
    await makeKeys(place.keys, 1);
    const before = readFileSync(join(place.keys, 'ledger.json'), 'utf8');
    await makeKeys(place.keys, 2);
    const ledger = await openLedger(place);
    await ledger.append(new SessionWriter('ses_1').seal(started));
    await ledger.sealNow();
    expect(readFileSync(join(place.keys, 'ledger.json'), 'utf8')).toBe(before);
    const { origin } = await checkpointOf(ledger, place, 'acme');
    expect(origin).toBe(`aegis-${JSON.parse(before).installation}/acme`);
  });

  it.each(['ledger.json', 'head.json', 'pem'])('with a %s that others can read is refused', async (name) => {
    const place = await signedLedger();
    const file = name === 'pem' ? pemIn(place) : join(place.keys, name);
    chmodSync(file, 0o640);
    await expect(openLedger(place)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `\`${file}\` can be read by other users`,
      help: expect.stringContaining(`chmod 600 ${file}`),
    });
    chmodSync(file, 0o600);
    await openLedger(place);
  });

  it.each<[string, (place: Ground) => void, string]>([
    ['folder is gone', ({ keys }) => rmSync(keys, { recursive: true }), 'its keys are not in'],
    ['record is gone', ({ keys }) => rmSync(join(keys, 'ledger.json')), 'its keys are not in'],
    ['private key is gone', (place) => rmSync(pemIn(place)), 'is gone'],
    ['head is gone', ({ keys }) => rmSync(join(keys, 'head.json')), 'the record of what was signed is gone'],
  ])('is refused beside a signed ledger when its %s', async (_, spoil, message) => {
    const place = await signedLedger();
    spoil(place);
    const before = existsSync(place.keys) ? readdirSync(place.keys) : [];
    const refusal = {
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining(message),
      help: expect.stringContaining('aegis ledger'),
    };
    await expect(openLedger(place)).rejects.toMatchObject(refusal);
    await expect(openLedger(place)).rejects.toMatchObject(refusal);
    // Nothing was made in place of what is lost.
    if (before.length > 0) expect(readdirSync(place.keys).toSorted()).toEqual(before.toSorted());
  });

  it('with another private key than the record names is refused', async () => {
    const [place, other] = [await signedLedger(), await signedLedger()];
    renameSync(pemIn(other), pemIn(place));
    await expect(openLedger(place)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('does not hold the key that ledger.json names'),
    });
  });

  it('of another ledger is refused', async () => {
    const [place, other] = [await signedLedger(), await signedLedger()];
    await expect(openLedger({ ...place, keys: other.keys })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(/the keys in .* are of installation [0-9a-f]{12}, the ledger is of/),
    });
  });

  it('whose files make no sense is refused in words', async () => {
    const place = await signedLedger();
    const file = join(place.keys, 'ledger.json');
    const text = readFileSync(file, 'utf8');
    for (const [spoiled, why] of [
      ['{', 'is no JSON'],
      [text.replace('"epoch": 1', '"epoch": 0'), 'is not a record of keys: epoch'],
      [text.replace('"epoch"', '"epohc"'), 'is not a record of keys'],
    ] as const) {
      writeFileSync(file, spoiled);
      await expect(openLedger(place)).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining(why),
      });
    }
  });

  it('keeps a store that it cannot open for closed', async () => {
    const place = await signedLedger();
    rmSync(place.keys, { recursive: true });
    const store = openSqliteStore(place.ledger);
    await expect(openLedger(place, { store })).rejects.toThrow();
    await expect(store.append(new SessionWriter('ses_2').seal(started))).rejects.toMatchObject({
      message: 'the ledger is closed',
    });
  });
});

describe('several processes that start at once on a new ledger', () => {
  it('end with one key, and with checkpoints by it', { timeout: 60_000 }, async () => {
    const place = ground();
    const at = String(Date.now() + 2_000);
    const children = Array.from({ length: 4 }, (_, i) =>
      spawn(
        process.execPath,
        [
          '--conditions=@aegis/source',
          '--disable-warning=ExperimentalWarning',
          sealer,
          place.ledger,
          place.keys,
          `p${i}`,
          '5',
          at,
        ],
        {
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      ),
    );
    const errors = await Promise.all(children.map(ended));
    expect(errors).toEqual(['', '', '', '']);
    expect(readdirSync(place.keys).filter((name) => name.endsWith('.pem'))).toHaveLength(1);
    expect(JSON.parse(readFileSync(join(place.keys, 'ledger.json'), 'utf8')).keys).toHaveLength(1);
    const ledger = await openLedger(place);
    expect(await checkpointOf(ledger, place, 'acme')).toMatchObject({ size: 20, by: [{}] });
  });
});

async function ended(child: ChildProcess): Promise<string> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  await once(child, 'close');
  return errors;
}
