import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aegis } from './aegis.ts';
import { at, folder, key, ledgerInFolder, run } from './ledger-folder.ts';

ledgerInFolder();

describe('aegis ledger checkpoint', () => {
  it('writes the note to standard output and the key beside it', async () => {
    const { code, stdout, stderr } = await run('checkpoint');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^aegis-[0-9a-f]{12}\/default\n23\n[A-Za-z0-9+/]{43}=\n\n— aegis-\S+ \S+\n$/);
    expect(stderr).toBe(`key: ${key}\n`);
  });

  it('signs nothing anew when nothing was recorded', async () => {
    const [one, two] = [await run('checkpoint', '--installation'), await run('checkpoint', '--installation')];
    expect(one).toEqual(two);
    expect(one.stdout).toMatch(/^aegis-[0-9a-f]{12}\n1\n/);
  });
});

describe('aegis ledger proof', () => {
  it('is verified anywhere with the key, the event and nothing else', async () => {
    expect(await run('proof', 'ses_b/3', '--out', 'b3.proof', '--event', 'b3.json')).toMatchObject({
      code: 0,
    });
    expect(JSON.parse(readFileSync(at('b3.json'), 'utf8'))).toMatchObject({ session_id: 'ses_b', seq: 3 });
    const nowhere = mkdtempSync(join(tmpdir(), 'aegis-nowhere-'));
    const args = ['ledger', 'verify', '--proof', at('b3.proof'), '--key', key];
    const [named, given, json] = await Promise.all([
      aegis(args, { cwd: nowhere }),
      aegis([...args, '--event', at('b3.json')], { cwd: nowhere }),
      aegis([...args, '--json'], { cwd: nowhere }),
    ]);
    rmSync(nowhere, { recursive: true });
    expect(given).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^proof: HOLDS: the event is leaf 11 of /),
    });
    expect(named).toMatchObject({ code: 0, stdout: expect.stringContaining('the event with the hash') });
    expect(JSON.parse(json.stdout)).toMatchObject({ intact: true, leaf: 11, size: 23 });
  });

  it('does not hold for another event, another key, or when it was changed', async () => {
    await run('proof', '4', '--out', 'four.proof', '--event', 'four.json');
    const event = readFileSync(at('four.json'), 'utf8');
    writeFileSync(at('edited.json'), event.replace('"allow"', '"deny"'));
    const proof = readFileSync(at('four.proof'), 'utf8');
    writeFileSync(at('edited.proof'), proof.replace('index 3', 'index 4'));
    const other = key.replace(/^aegis-[0-9a-f]{12}/, 'aegis-000000000000');
    const results = await Promise.all([
      run('verify', '--proof', 'four.proof', '--key', key, '--event', 'edited.json'),
      run('verify', '--proof', 'edited.proof', '--key', key),
      run('verify', '--proof', 'four.proof', '--key', other),
      run('verify', '--proof', 'four.proof'),
    ]);
    expect(event).not.toBe(readFileSync(at('edited.json'), 'utf8'));
    // A key under another name does not have the id of that name, and so is none.
    expect(results.map(({ code }) => code)).toEqual([6, 6, 2, 2]);
  });

  it.each([
    ['ses_b/99', 5, 'has no event 99'],
    ['ses_none/0', 5, 'the ledger has no session `ses_none`'],
    ['4711', 5, 'the ledger has no event at position 4711'],
    ['ses_b', 2, 'an event is named by its session and seq'],
  ])('of `%s` is an error of exit code %i', async (event, code, message) => {
    expect(await run('proof', event)).toMatchObject({ code, stderr: expect.stringContaining(message) });
  });
});

describe('aegis ledger verify', () => {
  it('tells, level by level, what was proved and what was not', async () => {
    const { code, stdout } = await run('verify');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^23 events in 3 sessions checked/);
    for (const level of ['hashes', 'chain', 'inclusion', 'checkpoint', 'consistency', 'values', 'guards']) {
      expect(stdout).toMatch(new RegExp(`^  ${level} +pass `, 'm'));
    }
    expect(stdout).toMatch(/^ {2}witnesses +not checked /m);
    expect(stdout).toContain('chain status: INTACT\nhead: position 23\n');
  });

  it('says the same by its older name', async () => {
    const older = await aegis(['verify-ledger', '--json'], { cwd: folder });
    expect(older.code).toBe(0);
    expect(JSON.parse(older.stdout)).toMatchObject({
      intact: true,
      entries: 23,
      sessions: 3,
      findings: [],
      findingCount: 0,
      head: { position: 23 },
    });
  });

  it('does not create what is not there', async () => {
    const nowhere = mkdtempSync(join(tmpdir(), 'aegis-nowhere-'));
    writeFileSync(join(nowhere, 'aegis.toml'), '');
    const { code, stderr } = await aegis(['ledger', 'verify'], { cwd: nowhere });
    expect({ code, made: readdirSync(nowhere) }).toEqual({ code: 1, made: ['aegis.toml'] });
    expect(stderr).toContain('there is no ledger at');
    rmSync(nowhere, { recursive: true });
  });

  it.each([
    [['verify', '--bundle', 'b', '--proof', 'p'], 2, 'one at a time'],
    [['verify', '--bundle', 'b', '--config', 'aegis.toml'], 2, '--config means nothing here'],
    [['verify', '--event', 'e'], 2, '--event belongs to --proof'],
    [['verify', '--bundle', 'b', '--key', 'nonsense'], 2, '--key: not a key'],
    [['verify', '--bundle', 'nowhere'], 5, 'there is no bundle in'],
    [['verify', '--since', 'nowhere'], 5, 'cannot read'],
    [['verify', 'surplus'], 2, 'unexpected argument `surplus`'],
    [['export'], 2, 'name the folder to write'],
    [['export', 'x', '--session', 'ses_a', '--from', '1d'], 2, 'a session or a time, not both'],
    [['export', 'x', '--from', 'yesterday'], 2, '`yesterday` is no date'],
    [['export', 'x', '--session', 'ses_none'], 5, 'has no session `ses_none`'],
    [['export', 'x', '--tenant', 'nobody'], 5, 'the ledger has no tenant `nobody`'],
    [['erase', '--session', 'ses_a'], 2, 'say why, for the record: --because'],
    [['erase', '--because', 'asked'], 2, 'say what to erase'],
    [['archive', '--before', '1d'], 2, 'say where the bundles go: --dir'],
    [['rotate-key', '--because', 'x'], 2, '--because belongs to --lost'],
    [['rotate-key', '--overlap', 'long'], 2, '`long` is no duration'],
    [['restore-accept', '--yes'], 2, '--because'],
    [['restore-accept', '--yes', '--because', 'x'], 5, 'reaches everything that was signed'],
  ])('%j ends with %i', async (args, code, message) => {
    const result = await run(...args);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(/^error: /);
    expect(result.stderr).toContain(message);
    expect(existsSync(at('x'))).toBe(false);
  });
});

describe('a bundle', () => {
  it('is exported, verified elsewhere, imported, and verified again with the ledger', async () => {
    const exported = await run('export', 'bundle', '--session', 'ses_a', '--with-values', '--json');
    expect(exported.code).toBe(0);
    const said = JSON.parse(exported.stdout) as Record<string, unknown>;
    expect(said).toMatchObject({ intact: true, tenant: 'default', events: 8, sessions: 1, size: 23 });
    const again = await run('export', 'bundle', '--session', 'ses_a');
    expect(again).toMatchObject({ code: 5, stderr: expect.stringContaining('is there already') });

    const verified = await run('verify', '--bundle', 'bundle');
    expect(verified.code).toBe(0);
    expect(verified.stdout).toContain('bundle: INTACT\nthe key is the one in the bundle');
    expect(verified.stdout).toContain(key);

    const imported = await run('import', 'bundle', '--key', key, '--json');
    expect(imported.code).toBe(0);
    const id = String(said['bundle_sha256']).slice(0, 16);
    expect(JSON.parse(imported.stdout)).toMatchObject({ intact: true, imported: { id, keys: [key] } });
    const listed = await run('import', '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject({
      id,
      tenant: 'default',
      scope: { kind: 'session' },
      events: 8,
    });
    expect(await run('import', 'bundle')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('imported already'),
    });

    const inside = at(`.aegis/imported/${id}/events.jsonl`);
    const text = readFileSync(inside, 'utf8');
    expect(JSON.parse((await run('verify', '--json')).stdout)).toMatchObject({ intact: true, imported: 1 });
    writeFileSync(inside, text.replace('one more', 'one less'));
    const damaged = await run('fsck');
    writeFileSync(inside, text);
    expect(damaged).toMatchObject({ code: 6, stdout: expect.stringContaining(`imported bundle ${id}`) });
    expect(damaged.stdout).toContain('import the bundle again from where it came');
  });

  it('that is damaged is not imported', async () => {
    await run('export', 'whole');
    const events = at('whole/events.jsonl');
    writeFileSync(events, readFileSync(events, 'utf8').replace('one more', 'one less'));
    const before = readdirSync(at('.aegis/imported'));
    const { code, stdout } = await run('import', 'whole');
    expect(code).toBe(6);
    expect(stdout).toContain('bundle: DAMAGED');
    expect(stdout).toContain('nothing of it was kept');
    expect(readdirSync(at('.aegis/imported'))).toEqual(before);
  });

  it('cannot write to the terminal through the names in it', async () => {
    await run('export', 'hostile', '--session', 'ses_b');
    writeFileSync(at('hostile/\u001b[2Jbundle: INTACT\n'), '');
    const events = at('hostile/events.jsonl');
    writeFileSync(events, readFileSync(events, 'utf8').replaceAll('ses_b', 'ses_\\u001b[2J'));
    const { code, stdout } = await run('verify', '--bundle', 'hostile');
    expect(code).toBe(6);
    expect(stdout).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(stdout).not.toMatch(/^bundle: INTACT/m);
  });
});
