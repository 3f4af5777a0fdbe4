import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aegis, connectStdio } from './aegis.ts';
import { eventsOf, tellAnew, type Told } from './ledger-thief.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

let workspace: Workspace;
/** What an honest person kept elsewhere: a checkpoint from before, and the key. */
let kept: { readonly note: string; readonly installation: string; readonly key: string };
let copies = 0;

async function work(client: Awaited<ReturnType<typeof connectStdio>>): Promise<void> {
  for (const path of ['task.md', 'gold-rules.md']) {
    await client.callTool({ name: 'read_text_file', arguments: { path } });
  }
  await client.callTool({ name: 'execute', arguments: { sql: 'drop table customers' } });
  await client.close();
}

beforeAll(async () => {
  workspace = await createWorkspace();
  await work(await connectStdio(workspace.configuration));
  await work(await connectStdio(workspace.configuration));
  const [note, installation] = [join(workspace.folder, 'kept'), join(workspace.folder, 'kept-installation')];
  const config = ['--config', workspace.configuration];
  const shown = await aegis(['ledger', 'checkpoint', ...config, '--out', note]);
  await aegis(['ledger', 'checkpoint', ...config, '--installation', '--out', installation]);
  const [, key] = /^key: (aegis-[0-9a-f]{12}\/default\+\S+)$/m.exec(shown.stderr) ?? [];
  if (key === undefined) throw new Error(`no key: ${shown.stderr}`);
  kept = { note, installation, key };
});

afterAll(() => workspace.remove());

interface Found {
  readonly code: number | null;
  readonly kinds: readonly string[];
}

const kindsIn = ({ code, stdout }: { code: number | null; stdout: string }): Found => {
  const { findings } = JSON.parse(stdout) as { findings: { kind: string }[] };
  return { code, kinds: [...new Set(findings.map(({ kind }) => kind))] };
};

const verifyStore = async (configuration: string, ...more: string[]): Promise<Found> =>
  kindsIn(await aegis(['ledger', 'verify', '--config', configuration, '--json', ...more]));

const verifyBundle = async (bundle: string, ...more: string[]): Promise<Found> =>
  kindsIn(await aegis(['ledger', 'verify', '--bundle', bundle, '--json', ...more]));

/** A copy of the workspace's ledger, with its keys. */
function copy(): { readonly folder: string; readonly configuration: string; readonly ledger: string } {
  const folder = join(workspace.folder, `copy-${++copies}`);
  mkdirSync(join(folder, '.aegis'), { recursive: true, mode: 0o700 });
  const ledger = join(folder, '.aegis', 'aegis.db');
  copyFileSync(workspace.ledger, ledger);
  cpSync(join(workspace.folder, '.aegis', 'keys'), join(folder, '.aegis', 'keys'), { recursive: true });
  const configuration = join(folder, 'aegis.toml');
  writeFileSync(configuration, '[store]\ndsn = "file:.aegis/aegis.db"\n');
  return { folder, configuration, ledger };
}

/** Reaches into the file with every trigger out of the way, and puts them back. */
function reach(ledger: string, sql: string): void {
  const db = new DatabaseSync(ledger, { enableForeignKeyConstraints: false });
  const triggers = db.prepare("select name, sql from sqlite_schema where type = 'trigger'").all();
  for (const { name } of triggers) db.exec(`drop trigger "${String(name)}"`);
  db.exec(sql);
  for (const trigger of triggers) db.exec(String(trigger['sql']));
  db.close();
}

it('a file that is damaged beyond reading is damage, and a file that is not there is none', async () => {
  const { folder, configuration, ledger } = copy();
  const bytes = readFileSync(ledger);
  bytes.fill(0xff, 4096);
  writeFileSync(ledger, bytes);
  const fsck = await aegis(['ledger', 'fsck', '--config', configuration]);
  expect(fsck.stderr).toContain('the file is damaged');
  expect(fsck.stderr).toContain('restore the newest backup');
  expect(fsck.code).toBe(6);
  rmSync(join(folder, '.aegis'), { recursive: true });
  expect(await aegis(['ledger', 'fsck', '--config', configuration])).toMatchObject({ code: 1 });
});

describe('who may write to a session was changed', () => {
  it.each([
    ['to somebody else than a process', "update session set owner = 'me'", 'the name of no process'],
    [
      'and the session has ended',
      `update session set owner = 'prc_${'0'.repeat(32)}'`,
      'has ended and belongs to',
    ],
    [
      'to one process, for years',
      `insert into lease values ('prc_${'0'.repeat(32)}', 4102444800000)`,
      'lasts until 2100-01-01T00:00:00.000Z',
    ],
  ])('%s: fsck says so', async (_how, change, words) => {
    const { configuration, ledger } = copy();
    reach(ledger, change);
    const { code, stdout } = await aegis(['ledger', 'fsck', '--config', configuration]);
    expect(stdout).toContain('chain status: INTACT');
    expect(stdout).toContain(words);
    expect(code).toBe(6);
  });
});

it('nothing was done: the store and a bundle of it verify, against what was kept', async () => {
  const { folder, configuration } = copy();
  const sound = { code: 0, kinds: [] };
  expect(await verifyStore(configuration, '--since', kept.note, '--key', kept.key)).toEqual(sound);
  expect(await verifyStore(configuration, '--since', kept.installation)).toEqual(sound);
  const bundle = join(folder, 'bundle');
  const exported = await aegis(['ledger', 'export', bundle, '--config', configuration, '--with-values']);
  expect(exported).toMatchObject({ code: 0 });
  expect(await verifyBundle(bundle, '--since', kept.note, '--key', kept.key)).toEqual(sound);
});

const MIDDLE =
  '(select position from event where body like \'%"TOOL_CALL_DENIED"%\' order by position limit 1)';

describe('somebody who can write to the file is found by the store, and no bundle of it verifies', () => {
  it.each<[string, string, string]>([
    [
      'a payload edited',
      `update event set body = replace(body, 'POLICY_DENY', 'POLICY_ALLOW') where position = ${MIDDLE}`,
      'hash-mismatch',
    ],
    [
      'an actor edited',
      `update event set body = replace(body, '"user_id":"', '"user_id":"not-') where position = ${MIDDLE}`,
      'hash-mismatch',
    ],
    [
      'a time edited',
      `update event set body = replace(body, '"ts_unix_ms":1', '"ts_unix_ms":2') where position = ${MIDDLE}`,
      'hash-mismatch',
    ],
    [
      'the newest event deleted',
      'delete from event where position = (select max(position) from event)',
      'cut-tail',
    ],
    ['an event in the middle deleted', `delete from event where position = ${MIDDLE}`, 'position-gap'],
    [
      'a whole session deleted, with its head',
      `delete from event where sid = (select sid from event where position = ${MIDDLE});
       delete from session where sid not in (select sid from event)`,
      'position-gap',
    ],
    [
      'an event inserted',
      `insert into event select (select max(position) + 1 from event), sid, seq + 100, position, hash, body
         from event where position = ${MIDDLE};
       update log set position = position + 1`,
      'chain-gap',
    ],
    [
      'two events swapped',
      `create temp table one as select * from event where position = ${MIDDLE};
       create temp table two as select * from event where position = ${MIDDLE} + 1;
       update event set (hash, body) = (select hash, body from two) where position = (select position from one);
       update event set (hash, body) = (select hash, body from one) where position = (select position from two)`,
      'column-mismatch',
    ],
    [
      'a checkpoint forged',
      'update checkpoint set note = replace(note, char(10) || size || char(10), char(10) || (size + 1) || char(10))',
      'bad-signature',
    ],
    [
      'a signature forged',
      "update checkpoint set note = substr(note, 1, length(note) - 10) || 'AAAAAAAA=' || char(10)",
      'bad-signature',
    ],
    ['a tile edited', 'update tile set hashes = zeroblob(length(hashes)) where level = 0', 'tile-mismatch'],
  ])('%s', async (_, sql, kind) => {
    const { folder, configuration, ledger } = copy();
    reach(ledger, sql);
    const bundle = join(folder, 'bundle');
    const [found, exported] = await Promise.all([
      verifyStore(configuration),
      aegis(['ledger', 'export', bundle, '--config', configuration, '--with-values']),
    ]);
    expect(found).toMatchObject({ code: 6, kinds: expect.arrayContaining([kind]) });
    expect(exported.code).not.toBe(0);
    if (existsSync(bundle)) {
      expect(await verifyBundle(bundle, '--since', kept.note, '--key', kept.key)).toMatchObject({ code: 6 });
    }
  });
});

describe('what is kept beside the events is changed: verify and fsck say where', () => {
  it.each<[string, string, string]>([
    ['which positions became leaves', 'update seal set size = size + 1', 'seal-mismatch'],
    ['a tile of no tree', "insert into tile values (99, 1, 0, 7, x'00')", 'stray-row'],
    ['a value of no event', "insert into blob values (999, 1, zeroblob(32), x'00')", 'stray-row'],
    ['the name of the installation', "update installation set name = 'aaaaaaaaaaaa'", 'checkpoint-mismatch'],
    ['the end of a session', 'update session set newest = newest - 1', 'session-mismatch'],
  ])('%s', async (_, sql, kind) => {
    const { configuration, ledger } = copy();
    reach(ledger, sql);
    const [found, fsck] = await Promise.all([
      verifyStore(configuration),
      aegis(['ledger', 'fsck', '--config', configuration]),
    ]);
    expect(found).toMatchObject({ code: 6, kinds: expect.arrayContaining([kind]) });
    expect(fsck.code).toBe(6);
    expect(fsck.stdout).toContain(`${kind} (`);
  });
});

describe('what reads the ledger believes no column', () => {
  it('an event that was sealed for another session is shown as damage, whatever is asked for', async () => {
    const { configuration, ledger } = copy();
    reach(ledger, "update session set session = session || 'x' where sid = (select min(sid) from session)");
    const shown = await aegis([
      'events',
      '--config',
      configuration,
      '--last',
      '1000',
      '--type',
      'TERMINATION',
    ]);
    expect(shown.stdout).toContain('is not as it was sealed: the body was sealed for another place');
    expect(shown.code).toBe(6);
    const listed = await aegis(['sessions', 'list', '--config', configuration]);
    expect(listed.code).toBe(6);
  });

  it('a session whose end was changed is not listed as if it were so', async () => {
    const { configuration, ledger } = copy();
    reach(ledger, 'update session set next_seq = next_seq + 1 where sid = (select max(sid) from session)');
    const listed = await aegis(['sessions', 'list', '--config', configuration]);
    expect(listed.stderr).toContain('keeps another end of session');
    expect(listed.code).toBe(6);
  });
});

describe('somebody with the signing key writes history anew, and what was kept elsewhere finds it', () => {
  const denied = (told: readonly Told[]): number =>
    told.findIndex(({ envelope }) => envelope.event_type === 'TOOL_CALL_DENIED');

  it.each<[string, (told: Told[]) => readonly Told[], string]>([
    [
      'a payload edited',
      (told) => {
        const event = told[denied(told)];
        if (event !== undefined)
          event.envelope.payload = { ...event.envelope.payload, message: 'nothing happened' };
        return told;
      },
      'forked',
    ],
    [
      'an actor edited',
      (told) => {
        const event = told[denied(told)];
        if (event !== undefined) event.envelope.user_id = 'somebody-else';
        return told;
      },
      'forked',
    ],
    [
      'a time edited',
      (told) => {
        const event = told[denied(told)];
        if (event !== undefined) event.envelope.ts_unix_ms -= 86_400_000;
        return told;
      },
      'forked',
    ],
    ['the newest event deleted', (told) => told.slice(0, -1), 'rolled-back'],
    ['an event in the middle deleted', (told) => told.toSpliced(denied(told), 1), 'rolled-back'],
    [
      'a whole session deleted',
      (told) => {
        const session = told[denied(told)]?.envelope.session_id;
        return told.filter(({ envelope }) => envelope.session_id !== session);
      },
      'rolled-back',
    ],
    [
      'an event inserted',
      (told) => {
        const event = told[denied(told)];
        const error = {
          type: 'ERROR_RAISED',
          payload: { code: 'INTERNAL', message: 'it was the disk' },
        } as const;
        if (event === undefined) return told;
        const made = {
          envelope: { ...event.envelope, event_type: error.type, payload: error.payload },
          blobs: [],
        };
        return told.toSpliced(denied(told), 0, made);
      },
      'forked',
    ],
    [
      'two sessions swapped',
      (told) => {
        const sessions = [...new Set(told.map(({ envelope }) => envelope.session_id))].toReversed();
        return sessions.flatMap((id) => told.filter(({ envelope }) => envelope.session_id === id));
      },
      'forked',
    ],
    ['the tail cut off', (told) => told.slice(0, told.length >> 1), 'rolled-back'],
  ])('%s', async (_, change, kind) => {
    const told = await eventsOf(workspace.ledger);
    const folder = join(workspace.folder, `anew-${++copies}`);
    const keys = join(workspace.folder, '.aegis', 'keys');
    // The newest events are those of the log that was kept: nothing else was recorded after them.
    const own = told.filter(({ envelope }) => envelope.tenant_id === 'default');
    const configuration = await tellAnew(folder, keys, change(own));
    const bundle = join(folder, 'bundle');
    await aegis(['ledger', 'export', bundle, '--config', configuration, '--with-values']);
    expect(existsSync(bundle)).toBe(true);
    const [store, offline, alone] = await Promise.all([
      verifyStore(configuration, '--since', kept.note),
      verifyBundle(bundle, '--since', kept.note, '--key', kept.key),
      verifyStore(configuration),
    ]);
    expect(store).toMatchObject({ code: 6, kinds: expect.arrayContaining([kind]) });
    expect(offline).toMatchObject({ code: 6, kinds: expect.arrayContaining([kind]) });
    // Nothing but what was kept finds it, where the order of events is a legal one.
    if (kind === 'forked') expect(alone).toEqual({ code: 0, kinds: [] });
  });
});

describe('the database was replaced by an older copy', () => {
  it('is found, is not written to, and goes on only on record', async () => {
    const { folder, configuration, ledger } = copy();
    const older = join(folder, 'older.db');
    copyFileSync(ledger, older);
    const config = ['--config', configuration];
    await aegis(['ledger', 'rotate-key', ...config]);
    const later = join(folder, 'later');
    await aegis(['ledger', 'checkpoint', ...config, '--installation', '--out', later]);
    for (const file of [ledger, `${ledger}-wal`, `${ledger}-shm`]) rmSync(file, { force: true });
    copyFileSync(older, ledger);

    const found = await verifyStore(configuration);
    expect(found).toMatchObject({ code: 6, kinds: expect.arrayContaining(['rolled-back']) });
    const refused = await aegis(['ledger', 'checkpoint', ...config]);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('restore-accept');
    const fsck = await aegis(['ledger', 'fsck', ...config]);
    expect(fsck).toMatchObject({ code: 6 });
    expect(fsck.stdout).toContain('aegis ledger restore-accept --because TEXT');

    const accepted = await aegis([
      'ledger',
      'restore-accept',
      ...config,
      '--because',
      'the disk died',
      '--yes',
    ]);
    expect(accepted).toMatchObject({ code: 0, stdout: 'epoch 2 has begun\n' });
    expect(await verifyStore(configuration)).toEqual({ code: 0, kinds: [] });
    // What was kept from the time that was given up says so all the same.
    const since = await verifyStore(configuration, '--since', later);
    expect(since).toMatchObject({ code: 6, kinds: ['rolled-back'] });
  });
});

describe('the signing key was replaced', () => {
  it('is found by the checkpoints that the old one signed, and by whoever has it', async () => {
    const { configuration, folder } = copy();
    const other = join(folder, 'other');
    mkdirSync(other);
    expect(await aegis(['init', other])).toMatchObject({ code: 0 });
    const mine = join(folder, '.aegis', 'keys');
    const { installation } = JSON.parse(readFileSync(join(mine, 'ledger.json'), 'utf8')) as {
      installation: string;
    };
    rmSync(mine, { recursive: true });
    cpSync(join(other, '.aegis', 'keys'), mine, { recursive: true });
    const record = readFileSync(join(mine, 'ledger.json'), 'utf8');
    writeFileSync(
      join(mine, 'ledger.json'),
      record.replace(/"installation": "[0-9a-f]+"/, `"installation": "${installation}"`),
      {
        mode: 0o600,
      },
    );
    expect(await verifyStore(configuration)).toMatchObject({ code: 6, kinds: ['bad-signature'] });

    await aegis(['ledger', 'rotate-key', '--config', configuration, '--overlap', '0s']);
    const bundle = join(folder, 'bundle');
    await aegis(['ledger', 'export', bundle, '--config', configuration]);
    if (existsSync(bundle)) {
      const found = await verifyBundle(bundle, '--key', kept.key);
      expect(found).toMatchObject({ code: 6, kinds: expect.arrayContaining(['bad-signature']) });
    }
  });
});
