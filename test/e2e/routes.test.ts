import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aegis, connectHttp, type Daemon, startDaemon } from './aegis.ts';
import { callsIn, configure, createFolder, type Folder, ran, text, TOKEN } from './routes-ground.ts';

describe('routes to several servers', () => {
  let folder: Folder;
  let daemon: Daemon;
  let client: Client;

  const stdioServers = (tools: string): string =>
    ['one', 'two']
      .map((name) => {
        const script = fileURLToPath(new URL('./answering-server.ts', import.meta.url));
        const command = [process.execPath, script, name, tools, folder.journal];
        return `[[servers]]\nname = "${name}"\ncommand = ${JSON.stringify(command)}\n`;
      })
      .join('');

  beforeAll(async () => {
    folder = createFolder();
    const configuration = configure(
      folder,
      'aegis.toml',
      `${stdioServers('find,search,ask,save_x,hush')}
[[routes]]
tool = "search"
upstream = ["one", "two"]
order = "first-success"
[[routes]]
tool = "ask"
upstream = ["two", "one"]
[[routes]]
prefix = "save_*"
upstream = ["one", "two"]
failure = "strict"
[[routes]]
tool = "hush"
upstream = ["one", "two"]
[[policies]]
name = "nothing-secret-to-one"
action = "deny"
when = { server = "one", "args.topic" = "secret" }
[[policies]]
name = "no-hush-for-two"
action = "deny"
when = { server = "two", tool_name = "hush" }
[[policies]]
name = "the-rest"
action = "allow"
`,
    );
    daemon = await startDaemon(configuration);
    client = await connectHttp(daemon.url, TOKEN);
  });

  afterAll(async () => {
    await client.close();
    await daemon.stop();
    rmSync(folder.path, { recursive: true, force: true });
  });

  let before = 0;
  beforeEach(() => {
    before = callsIn(folder).length;
    ran(folder);
  });
  const recorded = () => callsIn(folder).slice(before);
  const call = (name: string, args: Record<string, string> = {}) =>
    client.callTool({ name, arguments: args });

  it('appear once under the routed name, while other tools of one name stay apart', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'ask',
      'hush',
      'one__find',
      'save_x',
      'search',
      'two__find',
    ]);
    expect(await call('two__find')).toMatchObject({ structuredContent: { by: 'two' } });
    expect(ran(folder)).toEqual(['two find']);
  });

  it('stop at the first success', async () => {
    expect(await call('search')).toMatchObject({ structuredContent: { by: 'one' } });
    expect(ran(folder)).toEqual(['one search']);
    expect(recorded()).toEqual([{ server: 'one', tool: 'search', decisions: 1, ends: ['executed'] }]);
  });

  it.each([
    ['a failure', { fails: 'one' }, ['one search', 'two search'], 'executed'],
    ['a denial', { topic: 'secret' }, ['two search'], 'denied'],
    ['a timeout', { hangs: 'one' }, ['one search', 'two search'], 'failed'],
  ])('go on to the next server after %s', async (_, args, expected, end) => {
    expect(await call('search', args)).toMatchObject({ structuredContent: { by: 'two' } });
    expect(ran(folder)).toEqual(expected);
    expect(recorded()).toEqual([
      { server: 'one', tool: 'search', decisions: 1, ends: [end] },
      { server: 'two', tool: 'search', decisions: 1, ends: ['executed'] },
    ]);
  });

  it('run nothing on a server that policy denies, and say so beside what the other answered', async () => {
    const result = await call('ask', { topic: 'secret' });
    expect(ran(folder)).toEqual(['two ask']);
    expect(result).not.toHaveProperty('isError');
    expect(result).toMatchObject({
      content: [text('ask of two'), { text: expect.stringContaining('server `one`: Denied by Aegis: ') }],
      structuredContent: { two: { by: 'two' } },
      _meta: {
        'aegis/route': {
          members: [
            { server: 'two', outcome: 'succeeded' },
            {
              server: 'one',
              outcome: 'failed',
              denial: { code: 'POLICY_DENY', rule: 'nothing-secret-to-one' },
            },
          ],
        },
      },
    });
    expect(recorded().map(({ server, ends }) => [server, ends])).toEqual([
      ['two', ['executed']],
      ['one', ['denied']],
    ]);
  });

  it('keep what one server answered when the other does not answer in time', async () => {
    expect(await call('ask', { hangs: 'two' })).toMatchObject({
      content: [{ text: expect.stringContaining('TIMEOUT') }, text('ask of one')],
      structuredContent: { one: { by: 'one' } },
    });
  });

  it('are an error when one fails and the route is strict', async () => {
    expect(await call('save_x', { fails: 'two' })).toMatchObject({
      isError: true,
      content: [text('save_x of one'), text('two failed')],
    });
    expect(await call('save_x')).not.toHaveProperty('isError');
  });

  it('tell nothing of a server that policy hides, and record what it was denied', async () => {
    const result = await call('hush');
    expect(result).toMatchObject({
      content: [text('hush of one')],
      structuredContent: { one: { by: 'one' } },
    });
    expect(JSON.stringify(result)).not.toContain('two');
    expect(ran(folder)).toEqual(['one hush']);
    expect(recorded().map(({ server, decisions, ends }) => [server, decisions, ends])).toEqual([
      ['one', 1, ['executed']],
      ['two', 1, ['denied']],
    ]);
  });

  it('leave a ledger that verifies', async () => {
    const { code, stderr } = await aegis(['verify-ledger', '--config', join(folder.path, 'aegis.toml')]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
  });

  it('that conflict are refused at the start, all at once', async () => {
    const configuration = configure(
      folder,
      'conflict.toml',
      `${stdioServers('x')}[[routes]]
prefix = "x*"
upstream = "one"
[[routes]]
prefix = "x*"
upstream = "tow"
`,
    );
    const { code, stderr } = await aegis(['start', '--config', configuration]);
    expect(code).toBe(5);
    expect(stderr).toMatch(/conflict\.toml:\d+:10: `x\*` has a route already/);
    expect(stderr).toMatch(/conflict\.toml:\d+:12: there is no server `tow`/);
    expect(stderr).toContain('did you mean `two`?');
  });
});
