// A daemon before one server whose only tool, `send`, has to be approved: what the attacks on approvals run against.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { aegis, connectHttp, type Daemon, type Finished, startDaemon } from './aegis.ts';
import { eventsIn, type LedgerEvent } from './ledger.ts';

export const PERSON = userInfo().username;

export const SEND = {
  name: 'send',
  description: 'Sends a message.',
  inputSchema: {
    type: 'object',
    properties: { to: { type: 'string' }, text: { type: 'string' } },
  },
};

export const MESSAGE = { to: 'ops@acme.example', text: 'hello' };

const RULES = `[[policies]]
name = "never"
action = "deny"
when = { to = "*@evil.example" }
[[policies]]
name = "ask"
action = "require_approval"
when = { tool_name = "send" }
`;

/** What a call came to, as its agent sees it. */
export interface Came {
  readonly ran: boolean;
  readonly code: string | undefined;
  /** Of a call that waits. */
  readonly approval: string;
  readonly message: string;
  /** What it is told of an approval with other arguments. */
  readonly told: unknown;
}

export class ApprovalGround {
  readonly folder = mkdtempSync(join(tmpdir(), 'aegis-approvals-'));
  readonly configuration = join(this.folder, 'aegis.toml');
  readonly #daemons: Daemon[] = [];
  readonly #clients: Client[] = [];

  constructor() {
    for (const name of ['bot', 'rival', 'foreign', PERSON]) {
      writeFileSync(join(this.folder, `${name}.token`), `token-of-${name}`, { mode: 0o600 });
    }
    this.offer(SEND);
    this.configure();
  }

  /** Writes the configuration anew. Calls wait a tenth of a second, unless `approvals` says other things. */
  configure({ approvals = 'wait_ms = 100', rules = RULES, more = '' } = {}): void {
    const server = fileURLToPath(new URL('./rug-pull-server.ts', import.meta.url));
    const command = [process.execPath, server, join(this.folder, 'offer.json'), join(this.folder, 'journal')];
    const agent = (name: string, tenant: string) =>
      `[[agents]]\nname = "${name}"\ntenant = "${tenant}"\ntoken = { file = "${name}.token" }\n`;
    writeFileSync(
      this.configuration,
      `[daemon]
addr = "127.0.0.1:0"
[limits]
max_wall_time_ms = 600000
max_tool_calls = 100
max_steps = 100
[approvals]
${approvals}
${more}
${agent('bot', 'acme')}${agent('rival', 'acme')}${agent('foreign', 'globex')}${agent(PERSON, 'acme')}
[[servers]]
name = "mail"
command = ${JSON.stringify(command)}
${rules}`,
    );
  }

  offer(...tools: readonly object[]): void {
    writeFileSync(join(this.folder, 'offer.json'), JSON.stringify({ tools }));
  }

  async start(environment: Readonly<Record<string, string>> = {}): Promise<Daemon> {
    const daemon = await startDaemon(this.configuration, environment);
    this.#daemons.push(daemon);
    return daemon;
  }

  async connect(daemon: Daemon, agent = 'bot'): Promise<Client> {
    const client = await connectHttp(daemon.url, `token-of-${agent}`);
    this.#clients.push(client);
    return client;
  }

  /** Runs a command of a person on this ledger. */
  person(...words: readonly string[]): Promise<Finished> {
    return aegis([...words, '--config', this.configuration]);
  }

  /** What the server was really asked. */
  ran(): number {
    const journal = join(this.folder, 'journal');
    return existsSync(journal) ? readFileSync(journal, 'utf8').trim().split('\n').length : 0;
  }

  events(type: string): readonly LedgerEvent[] {
    return eventsIn(join(this.folder, '.aegis/aegis.db')).filter((event) => event.type === type);
  }

  /** Ends everything that runs, and says whether the ledger is what it was sealed as. */
  async verified(): Promise<boolean> {
    await this.#end();
    const { stdout } = await this.person('verify-ledger');
    return stdout.includes('chain status: INTACT');
  }

  async remove(): Promise<void> {
    await this.#end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #end(): Promise<void> {
    await Promise.allSettled(this.#clients.splice(0).map((client) => client.close()));
    await Promise.all(this.#daemons.splice(0).map((daemon) => daemon.stop()));
  }
}

/** Makes the call that has to be approved. */
export async function send(client: Client, args: Readonly<Record<string, unknown>> = MESSAGE): Promise<Came> {
  const result = await client.callTool({ name: 'send', arguments: { ...args } });
  return cameOf(result);
}

export function cameOf(result: unknown): Came {
  const { isError, _meta } = result as { isError?: boolean; _meta?: Record<string, unknown> };
  const denial = _meta?.['aegis/denial'] as
    | { code: string; message: string; approval?: { id: string } }
    | undefined;
  return {
    ran: isError !== true,
    code: denial?.code,
    approval: denial?.approval?.id ?? '',
    message: denial?.message ?? '',
    told: _meta?.['aegis/approval'],
  };
}
