import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
