import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { at, key, ledgerInFolder, run, values } from './ledger-folder.ts';

ledgerInFolder();

describe('aegis ledger erase', () => {
  it('asks where there is nobody to ask, and does nothing', async () => {
    const before = values();
    const { code, stderr } = await run('erase', '--session', 'ses_a', '--because', 'asked for');
    expect({ code, now: values() }).toEqual({ code: 2, now: before });
    expect(stderr).toContain('nothing was erased: there is no terminal to ask on');
  });

  it('erases the values, keeps the events, says so on record, and every proof still holds', async () => {
    await run('proof', 'ses_a/1', '--out', 'before-erasure.proof', '--event', 'before-erasure.json');
    const before = values();
    const erased = await run('erase', '--session', 'ses_a', '--because', 'asked for', '--yes', '--json');
    expect(erased.code).toBe(0);
    expect(JSON.parse(erased.stdout)).toMatchObject({ erased: 1, events: 1, sessions: 1 });
    // Aegis's own session seals a value of its own.
    expect(values()).toBe(before - 1 + 1);
    const [store, proof, bundle] = await Promise.all([
      run('verify', '--json'),
      run('verify', '--proof', 'before-erasure.proof', '--event', 'before-erasure.json', '--key', key),
      run('export', 'erased', '--session', 'ses_a', '--with-values', '--json'),
    ]);
    expect(JSON.parse(store.stdout)).toMatchObject({ intact: true });
    expect(proof.code).toBe(0);
    expect(JSON.parse(bundle.stdout)).toMatchObject({
      intact: true,
      sessions: 2,
      levels: { values: { state: 'pass', detail: expect.stringContaining('1 erased on record') } },
    });
    expect(readFileSync(at('erased/events.jsonl'), 'utf8')).toContain('"because":"asked for"');
    expect(readFileSync(at('.aegis/aegis.db'))).not.toContain('/home/ada/ses_a');
  });

  it('erases what one event or one user has sealed', async () => {
    const event = await run('erase', '--event', 'ses_b/1', '--because', 'asked for', '--yes', '--json');
    expect(JSON.parse(event.stdout)).toMatchObject({ erased: 1, events: 1 });
    const user = await run('erase', '--user', 'ada', '--because', 'asked for', '--yes');
    expect(user.stdout).toContain('erased 1 value');
    const nothing = await run('erase', '--user', 'ada', '--because', 'asked for', '--yes');
    expect(nothing).toMatchObject({ code: 0, stdout: 'there is no sealed value to erase\n' });
    expect(JSON.parse((await run('verify', '--json')).stdout)).toMatchObject({ intact: true });
  });
});

describe('aegis ledger archive', () => {
  it('moves sessions that have ended into a bundle, and the ledger still verifies', async () => {
    await run('proof', 'ses_a/2', '--out', 'archived.proof', '--event', 'archived.json');
    const archived = await run('archive', '--before', '0s', '--dir', 'archive', '--json');
    expect(archived.code).toBe(0);
    const segments = archived.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
    expect(segments).toMatchObject([{ tenant: 'default', sessions: 2, events: 16 }]);
    const [{ folder: bundle = '', segment = '' } = {}] = segments;

    const [store, proof, offline, whole, gone] = await Promise.all([
      run('verify', '--json'),
      run('verify', '--proof', 'archived.proof', '--event', 'archived.json', '--key', key),
      run('verify', '--bundle', bundle, '--key', key, '--json'),
      run('export', 'after-archive', '--json'),
      run('proof', 'ses_a/2'),
    ]);
    expect(JSON.parse(store.stdout)).toMatchObject({ intact: true });
    expect(proof.code).toBe(0);
    expect(JSON.parse(offline.stdout)).toMatchObject({ intact: true, scope: { kind: 'segment', segment } });
    expect(JSON.parse(whole.stdout)).toMatchObject({
      intact: true,
      levels: { completeness: { state: 'not_checked', detail: expect.stringContaining(segment) } },
    });
    expect(gone).toMatchObject({ code: 5, stderr: expect.stringContaining('is archived') });

    const together = await run('verify', '--bundle', 'after-archive', '--segment', bundle, '--key', key);
    expect(together.stdout).toMatch(
      /completeness +pass +all \d+ events of the log: \d+ here, 16 in 1 archived segment/,
    );
    expect(together.stdout).toContain(`segment ${bundle}: INTACT, `);
    expect(together.code).toBe(0);
    const stranger = await run('verify', '--bundle', 'after-archive', '--segment', 'erased', '--json');
    expect(stranger.code).toBe(6);
    expect(JSON.parse(stranger.stdout)).toMatchObject({
      intact: false,
      findings: [{ kind: 'segment-mismatch', message: 'it is no archived segment' }],
    });
    const nothing = await run('archive', '--before', '2020-01-01', '--dir', 'archive');
    expect(nothing).toMatchObject({ code: 0, stdout: 'no session that has ended is so old\n' });
  });
});

describe('aegis ledger rotate-key', () => {
  it('puts a new key in place; what the old one signed still verifies, and for a time both sign', async () => {
    const rotated = await run('rotate-key', '--overlap', '1h', '--json');
    expect(rotated.code).toBe(0);
    const { old_key, new_key } = JSON.parse(rotated.stdout) as Record<string, string>;
    expect(new_key).not.toBe(old_key);
    const [store, old, now] = await Promise.all([
      run('verify', '--json'),
      run('verify', '--key', old_key ?? '', '--json'),
      run('verify', '--key', new_key ?? '', '--json'),
    ]);
    for (const { stdout } of [store, old, now]) {
      expect(JSON.parse(stdout)).toMatchObject({ intact: true, levels: { checkpoint: { state: 'pass' } } });
    }
  });
});

it('aegis ledger verify --bytes looks at hashes, chains and trees, and says that it does', async () => {
  const { code, stdout } = await run('verify', '--bytes');
  expect(stdout).toMatch(/^ {2}chain +pass +\d+ sessions?: the bytes, and not what they say$/m);
  expect(stdout).toMatch(/^ {2}values +not checked +only the bytes of the events were looked at$/m);
  expect(stdout).toContain('chain status: INTACT');
  expect(code).toBe(0);
  const bundle = await run('verify', '--bytes', '--bundle', 'whole');
  expect(bundle).toMatchObject({ code: 2, stderr: expect.stringContaining('--bytes means nothing here') });
  const alone = await run('verify', '--segment', 'whole');
  expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining('--segment belongs to --bundle') });
});

it('aegis ledger fsck says that nothing has to be done', async () => {
  const { code, stdout } = await run('fsck');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^keys: installation [0-9a-f]{12}, epoch 1, 2 keys, 2 sign now$/m);
  expect(stdout).toMatch(/^leases: no process is running/m);
  expect(stdout).not.toContain('what to do');
});
