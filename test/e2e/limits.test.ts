import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aegis, connectHttp, type Daemon, startDaemon } from './aegis.ts';
import { eventsIn } from './ledger.ts';

const TOKEN = 'limits-token-limits-token-limits-token';
const PROGRAM = fileURLToPath(new URL('./answering-server.ts', import.meta.url));

let folder: string;
let configuration: string;
let daemons: Daemon[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-limits-'));
  configuration = join(folder, 'aegis.toml');
  writeFileSync(join(folder, 'token'), TOKEN, { mode: 0o600 });
  daemons = [];
});

afterEach(async () => {
  for (const daemon of daemons) await daemon.stop();
  rmSync(folder, { recursive: true, force: true });
});

function configure(
  more: string,
  manifest = 'tools: { open: { capabilities: [] }, poll: { capabilities: [] } }',
): void {
  writeFileSync(join(folder, 'vault.yaml'), `server: vault\n${manifest}\n`);
  const server = (name: string, tools: string) =>
    `[[servers]]\nname = "${name}"\ncommand = ${JSON.stringify([process.execPath, PROGRAM, name, tools, join(folder, 'journal')])}\n`;
  writeFileSync(
    configuration,
    `[daemon]
addr = "127.0.0.1:0"
[limits]
max_steps = 1000
max_tool_calls = 1000
[[agents]]
name = "coder"
token = { file = "token" }
${server('vault', 'open,poll')}manifest = "vault.yaml"
${server('web', 'post')}
[[policies]]
name = "all"
action = "allow"
${more}`,
  );
}

async function start(): Promise<Client> {
  const daemon = await startDaemon(configuration);
  daemons.push(daemon);
  const client = await connectHttp(daemon.url, TOKEN);
  client.onerror = () => {};
  return client;
}

async function call(client: Client, name: string, args: Record<string, unknown>): Promise<string> {
  const result = await client.callTool({ name, arguments: args });
  const denial = result._meta?.['aegis/denial'] as { code: string; retry_after_ms?: number } | undefined;
  return denial?.code ?? 'ran';
}

describe('rates', () => {
  const RATE = '[[rates]]\nname = "few"\nper = ["agent"]\nlimit = 6\nwindow_ms = 3600000\n';

  it('are as before when the daemon was killed, and are those of all daemons on the ledger', async () => {
    configure(RATE);
    const first = await start();
    for (let n = 0; n < 4; n++) expect(await call(first, 'open', { n })).toBe('ran');
    const [killed] = daemons.splice(0);
    await killed?.stop('SIGKILL');
    const second = await start();
    const third = await start();
    expect(await call(second, 'open', { n: 5 })).toBe('ran');
    expect(await call(second, 'open', { n: 6 })).toBe('ran');
    expect(await call(second, 'open', { n: 7 })).toBe('RATE_LIMITED');
    expect(await call(third, 'post', { n: 8 })).toBe('RATE_LIMITED');
    const denied = eventsIn(join(folder, '.aegis/aegis.db')).filter(
      ({ type }) => type === 'TOOL_CALL_DENIED',
    );
    expect(denied.at(-1)?.payload).toMatchObject({ code: 'RATE_LIMITED' });
    expect((await aegis(['ledger', 'verify', '--config', configuration])).code).toBe(0);
  });
});

describe('loops and sequences', () => {
  it('are stopped as the configuration says, and what they were stands in the record', async () => {
    configure(`[loops]
sequence = { times = 2 }
[[sequences]]
name = "nothing-out-after-secrets"
first = { server = "vault" }
next = { server = "web" }
within_steps = 2
`);
    const client = await start();
    const rounds: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (const n of [1, 2]) rounds.push(await call(client, 'post', { n }));
    }
    expect(rounds).toEqual(['ran', 'ran', 'ran', 'ran', 'LOOP_DETECTED', 'ran']);
    expect(await call(client, 'open', {})).toBe('ran');
    expect(await call(client, 'post', { n: 3 })).toBe('POLICY_DENY');
    const denials = eventsIn(join(folder, '.aegis/aegis.db'))
      .filter(({ type }) => type === 'TOOL_CALL_DENIED')
      .map(({ payload }) => payload);
    expect(denials[0]?.['message']).toContain('the same 2 calls were already made 2 times');
    const cycles = eventsIn(join(folder, '.aegis/aegis.db'))
      .filter(({ type }) => type === 'POLICY_DECISION')
      .flatMap(({ payload }) => (payload['reasons'] as { cycle?: string[] }[])[0]?.cycle ?? []);
    expect(cycles).toHaveLength(2);
    expect(denials[1]).toMatchObject({ code: 'POLICY_DENY', rule: 'nothing-out-after-secrets' });
  });

  it('know a tool that fails, one that says the same again, and one that may be polled', async () => {
    configure(
      '[loops]\nerrors = { times = 2 }\nsame_answer = { times = 3 }\nidentical = { times = 1 }\n',
      'tools: { open: { capabilities: [fs.read] }, poll: { capabilities: [fs.read], polling: 4 } }',
    );
    const client = await start();
    const times = async (count: number, name: string, args: (n: number) => Record<string, unknown>) => {
      const answers: string[] = [];
      for (let n = 0; n < count; n++) answers.push(await call(client, name, args(n)));
      return answers;
    };
    expect(await times(3, 'post', (n) => ({ fails: 'web', topic: `${n}` }))).toEqual([
      'ran',
      'ran',
      'LOOP_DETECTED',
    ]);
    expect(await times(4, 'open', (n) => ({ topic: `${n}` }))).toEqual([
      'ran',
      'ran',
      'ran',
      'LOOP_DETECTED',
    ]);
    expect(await times(5, 'poll', () => ({}))).toEqual(['ran', 'ran', 'ran', 'ran', 'LOOP_DETECTED']);
  });
});
