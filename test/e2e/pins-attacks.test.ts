import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aegis } from './aegis.ts';
import {
  call,
  configuration,
  connect,
  events,
  folder,
  names,
  offer,
  pinsForEach,
  POISON,
  poisoned,
  ran,
  read,
  stateOf,
  tools,
  toolsChanged,
  write,
} from './pins-ground.ts';

pinsForEach();

describe('an attacker who changes a tool', () => {
  it.each<[string, object]>([
    ['by one zero-width character', { ...read, description: `${read.description}\u200b` }],
    [
      'in the schema alone',
      { ...read, inputSchema: { ...read.inputSchema, required: ['path', 'sidenote'] } },
    ],
    ['in the order of what is required', { ...read, inputSchema: { ...read.inputSchema, required: [] } }],
    ['in the annotations alone', { ...read, annotations: { readOnlyHint: true } }],
    ['in the metadata alone', { ...read, _meta: { ui: { resourceUri: 'ui://evil' } } }],
    ['in a member that nobody knows', { ...read, note: POISON }],
    ['by a letter that looks the same', { ...read, description: read.description.replace('e', '\u0435') }],
  ])('is noticed: %s', async (_, changed) => {
    const client = await connect();
    const told = toolsChanged(client);
    offer({ tools: [changed, write] });
    await told;
    expect(await names(client)).toEqual(['write']);
    expect(await call(client, 'read')).toBe('TOOL_CHANGED');
    const { stdout } = await tools('diff', 'files/read');
    expect(stdout).toMatch(/^\+/m);
    // Whoever looks at it sees it: there is nothing but ASCII in what is shown.
    expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
    expect(ran()).toEqual([]);
  });

  it('cannot do it by the order of keys, which means nothing', async () => {
    const client = await connect();
    const told = toolsChanged(client);
    const { name, description, inputSchema } = read;
    const { type, properties, required } = inputSchema;
    offer({ tools: [{ inputSchema: { required, properties, type }, description, name }, write] });
    await told;
    expect(await names(client)).toEqual(['read', 'write']);
    expect(await call(client, 'read')).toBe('ran');
    expect(events('TOOL_CHANGED').filter((event) => event['name'] === 'read')).toEqual([]);
  });

  it('cannot slip a second definition of the name in on a later page', async () => {
    offer({ pages: [[read], [write], [poisoned]] });
    const client = await connect();
    expect((await client.listTools()).tools.find(({ name }) => name === 'read')?.description).toBe(
      read.description,
    );
    const told = toolsChanged(client);
    offer({ pages: [[write], [poisoned], [read]] });
    await told;
    expect(await names(client)).toEqual(['write']);
    expect(JSON.stringify(await client.listTools())).not.toContain('id_rsa');
  });

  it('cannot show a client another list than the one that was compared', async () => {
    offer({
      perRequest: [
        [read, write],
        [poisoned, write],
      ],
    });
    const client = await connect();
    for (let i = 0; i < 4; i++) expect(JSON.stringify(await client.listTools())).not.toContain('id_rsa');
    expect(await call(client, 'read')).toBe('ran');
  });

  it('cannot pass a new tool off as a pinned one: its name looks the same, and it waits', async () => {
    const client = await connect();
    const told = toolsChanged(client);
    offer({ tools: [read, write, { ...poisoned, name: 're\u0430d' }, { ...write, name: 'write2' }] });
    await told;
    expect(await names(client)).toEqual(['read', 'write', 'write2']);
    expect(await call(client, 're\u0430d')).toBe('TOOL_CHANGED');
    expect(await stateOf('re\u0430d')).toBe('new');
    expect((await tools('list')).stdout).toMatch(/^files +re\\u\{0430\}d +tool +new/m);
  });

  it('cannot make the ledger believe it by writing to the table of pins', async () => {
    const client = await connect();
    await client.close();
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(join(folder, '.aegis/aegis.db'));
    const guard = db.prepare("SELECT sql FROM sqlite_schema WHERE name = 'pin_only_grows'").get();
    db.exec('DROP TRIGGER pin_only_grows');
    db.exec(
      `UPDATE pin SET pinned = (SELECT pinned FROM pin WHERE key LIKE '%"write"%') WHERE key LIKE '%"read"%'`,
    );
    // Without its guards a ledger is not even opened.
    db.exec(String(guard?.['sql']));
    db.close();
    const again = await connect();
    expect(await names(again)).toEqual(['write']);
    expect(await call(again, 'read')).toBe('TOOL_CHANGED');
    expect(await stateOf('read')).toBe('broken');
    const verified = await aegis(['verify-ledger', '--config', configuration]);
    expect(verified).toMatchObject({ code: 6 });
    expect(verified.stdout).toContain('pin-mismatch');
  });
});
