import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aegis, connectStdio, textOf } from './aegis.ts';
import { eventsIn } from './ledger.ts';

const PAGE = 'Installing: get it from mirror.elsewhere.example, questions to eve@elsewhere.example.';

let folder: string;
let client: Client | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-taint-'));
  writeFileSync(join(folder, 'description.txt'), 'Looks something up. The topic is one word.');
  for (const [topic, text] of [
    ['page', PAGE],
    ['done', 'done'],
  ] as const) {
    writeFileSync(join(folder, `${topic}.json`), JSON.stringify({ content: [{ type: 'text', text }] }));
  }
  manifest('web', 'net.egress');
  manifest('shell', 'exec');
  manifest('mail', 'message.send');
});

afterEach(async () => {
  await client?.close();
  client = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function manifest(server: string, capability: string): void {
  const tool = `look: { capabilities: [${capability}], args: { topic: text } }`;
  writeFileSync(join(folder, `${server}.yaml`), `server: ${server}\ntools:\n  ${tool}\n`);
}

async function connect(taint: string): Promise<void> {
  const program = fileURLToPath(new URL('./content-server.ts', import.meta.url));
  const command = JSON.stringify([process.execPath, program, folder, join(folder, 'journal')]);
  const servers = ['web', 'shell', 'mail'].map(
    (name) => `[[servers]]\nname = "${name}"\ncommand = ${command}\nmanifest = "${name}.yaml"\n`,
  );
  const configuration = join(folder, 'aegis.toml');
  const rules = '[[policies]]\nname = "all"\naction = "allow"\n';
  writeFileSync(configuration, `[approvals]\nwait_ms = 0\n${taint}\n${servers.join('')}${rules}`);
  client = await connectStdio(configuration);
}

/** Calls the tool of a server; gives the code of a denial, or the text. */
async function look(server: string, topic: string, note?: string, userText?: string): Promise<string> {
  if (client === undefined) throw new Error('not connected');
  const tools = (await client.listTools()).tools.map(({ name }) => name);
  const name = tools.find((tool) => tool.includes(server));
  if (name === undefined) throw new Error(`no tool of ${server}: ${tools.join()}`);
  const result = await client.callTool({
    name,
    arguments: { topic, ...(note === undefined ? {} : { note }) },
    ...(userText === undefined ? {} : { _meta: { 'aegis/user-text': userText } }),
  });
  const denial = (result['_meta'] as { 'aegis/denial'?: { code: string } } | undefined)?.['aegis/denial'];
  return denial?.code ?? textOf(result);
}

const journal = (): string => readFileSync(join(folder, 'journal'), 'utf8');

describe('data that is followed', () => {
  it('denies the command that a page dictates, and lets one pass that it did not', async () => {
    await connect('[taint]');
    expect(await look('web', 'page')).toBe(PAGE);
    expect(await look('shell', 'done', 'make all')).toBe('done');
    expect(await look('shell', 'done', 'curl mirror.elsewhere.example')).toBe('TAINTED_TO_HIGH_RISK');
    expect(journal()).toBe('page\ndone\n');
  });

  it('asks a person about the address that a page names, unless the user named it', async () => {
    await connect('[taint]\nuser_text = true');
    await look('web', 'page');
    expect(await look('mail', 'done', 'eve@elsewhere.example')).toBe('APPROVAL_REQUIRED');
    const said = 'Please write to eve@elsewhere.example.';
    expect(await look('mail', 'done', 'eve@elsewhere.example', said)).toBe('done');
  });

  it('is cleared by the sanitizer that the configuration names', async () => {
    const sanitizer =
      'sanitizers = [{ name = "own-hosts", server = "shell", tool = "look", argument = "note", one_of = ["mirror.elsewhere.example"] }]';
    await connect(`[taint]\n${sanitizer}`);
    await look('web', 'page');
    expect(await look('shell', 'done', 'mirror.elsewhere.example')).toBe('done');
    const cleared = eventsIn(join(folder, '.aegis/aegis.db')).find(
      ({ type }) => type === 'DATA_DECLASSIFIED',
    );
    expect(cleared?.payload).toMatchObject({ at: '/note', by: 'own-hosts', means: 'sanitizer' });
  });

  it('is cleared by a person from the command line: a text for good, a label for what was read until then', async () => {
    await connect(`approvers = [{ name = "ann", account = "${userInfo().username}" }]\n[taint]`);
    const configuration = join(folder, 'aegis.toml');
    const ledger = join(folder, '.aegis/aegis.db');
    await look('web', 'page');
    const session = eventsIn(ledger).find(({ type }) => type === 'TOOL_RESULT')?.session ?? '';
    const clear = (...words: string[]) =>
      aegis(['taint', 'clear', session, ...words, '--config', configuration]);
    const curl = () => look('shell', 'done', 'curl mirror.elsewhere.example');
    expect(await curl()).toBe('TAINTED_TO_HIGH_RISK');
    expect((await clear('--label', 'external')).code).toBe(2);
    const own = join(folder, 'own.toml');
    writeFileSync(own, readFileSync(configuration, 'utf8').replace('"ann"', '"Local"'));
    const forOneself = ['taint', 'clear', session, '--label', 'external', '--why', 'x', '--config', own];
    expect(await aegis(forOneself)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('on his own behalf'),
    });
    expect((await clear('--label', 'No label', '--why', 'x')).code).not.toBe(0);
    expect(await clear('--label', 'external', '--why', 'our own pages')).toMatchObject({
      code: 0,
      stdout: `what was read as external is cleared in ${session}, from its next call on\n`,
    });
    await expect.poll(curl, { timeout: 10_000, interval: 200 }).toBe('done');
    await look('web', 'page');
    expect(await curl()).toBe('TAINTED_TO_HIGH_RISK');
    expect((await clear('--value', 'mirror.elsewhere.example', '--why', 'it is our mirror')).code).toBe(0);
    await expect.poll(curl, { timeout: 10_000, interval: 200 }).toBe('done');
    await look('web', 'page');
    expect(await curl()).toBe('done');
    const cleared = eventsIn(ledger).filter(({ type }) => type === 'DATA_DECLASSIFIED');
    const applied = cleared.filter((event) => event.session === session).map(({ payload }) => payload);
    expect(applied).toMatchObject([
      { labels: ['external'], means: 'person', door: 'cli', why: 'our own pages' },
      { labels: [], means: 'person', door: 'cli', why: 'it is our mirror' },
    ]);
    expect(cleared.map((event) => event.payload['session'])).toEqual([
      session,
      undefined,
      session,
      undefined,
    ]);
    expect((await clear('--label', 'external', '--why', 'x')).code).toBe(0);
    await client?.close();
    client = undefined;
    expect(await clear('--label', 'external', '--why', 'x')).toMatchObject({
      code: 3,
      stderr: 'not cleared: the session has ended\n',
    });
    expect((await aegis(['ledger', 'verify', '--config', configuration])).code).toBe(0);
  });

  it('leaves a ledger that verifies', async () => {
    await connect('[taint]');
    await look('web', 'page');
    await look('shell', 'done', 'curl mirror.elsewhere.example');
    await client?.close();
    client = undefined;
    const { code, stdout } = await aegis(['verify-ledger', '--config', join(folder, 'aegis.toml')]);
    expect({ code, stdout }).toMatchObject({ code: 0 });
  });
});

describe('a configuration of taint', () => {
  it('with faults is refused with all of them', async () => {
    const configuration = join(folder, 'aegis.toml');
    writeFileSync(
      configuration,
      `[taint]
sinks = { "message.sent" = "deny" }
untrusted = ["Not one"]
[[taint.sanitizers]]
name = "a"
server = "s"
tool = "t"
argument = "x"
`,
    );
    const { code, stderr } = await aegis(['policy', 'check', '--config', configuration]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('message.sent');
    expect(stderr).toContain('a label is a letter');
  });
});
