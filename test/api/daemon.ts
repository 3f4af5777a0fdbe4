// A daemon with agents and people of two tenants, and a caller for each of them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Daemon, startDaemon } from '../e2e/aegis.ts';

export const TOKENS = {
  builder: 'builder-token',
  other: 'other-token',
  foreign: 'foreign-token',
  admin: 'admin-token',
  auditor: 'auditor-token',
  approver: 'approver-token',
  stranger: 'stranger-token',
  foreman: 'foreman-token',
} as const;
export type Who = keyof typeof TOKENS;

const CONFIGURATION = `
[daemon]
addr = "127.0.0.1:0"

[limits]
max_tool_calls = 4
max_steps = 50
timeout_ms = 1000
max_output_bytes = 2000

[approvals]
wait_ms = 0

[[policies]]
name = "no-deleting"
action = "deny"
when = { tool_name = "delete", server = "database" }
reason = "nothing is deleted here"

[[policies]]
name = "ask"
action = "require_approval"
when = { tool_name = "pay" }

[[policies]]
name = "all"
action = "allow"
mask = ["email"]
`;

const AGENTS = { builder: 'default', other: 'default', foreign: 'elsewhere' } as const;
const PEOPLE = {
  admin: '',
  auditor: 'default',
  approver: '',
  stranger: 'elsewhere',
  foreman: 'elsewhere',
} as const;
const ROLE_OF = {
  admin: 'admin',
  auditor: 'auditor',
  approver: 'approver',
  stranger: 'auditor',
  foreman: 'admin',
} as const;

/** Whatever JSON holds: what it should be is what the tests say. */
export type Parsed = ReturnType<typeof JSON.parse>;

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Parsed;
}

export interface ApiDaemon {
  readonly url: string;
  readonly configuration: string;
  readonly daemon: Daemon;
  /** Sends a request in somebody's name. */
  ask(who: Who | undefined, method: string, path: string, body?: unknown): Promise<Answered>;
  /** Opens a session of an agent. */
  session(who: Who): Promise<string>;
  /** Starts it again, on the ledger that it left. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

/** `more` is added to the configuration; `calls` is the budget of a session. */
export async function startApi(
  more = '',
  calls = 4,
  {
    timeout_ms = 1_000,
    wait_ms = 0,
    lock_out = 'network',
  }: { readonly timeout_ms?: number; readonly wait_ms?: number; readonly lock_out?: string } = {},
): Promise<ApiDaemon> {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-api-'));
  const configuration = join(folder, 'aegis.toml');
  const agents = Object.entries(AGENTS).map(([name, tenant]) => {
    return `[[agents]]\nname = "${name}"\ntenant = "${tenant}"\ntoken = { env = "${name.toUpperCase()}" }\n`;
  });
  const people = Object.entries(PEOPLE).map(([name, tenant]) => {
    const line = tenant === '' ? '' : `tenant = "${tenant}"\n`;
    const role = ROLE_OF[name as keyof typeof ROLE_OF];
    return `[[people]]\nname = "${name}"\nroles = ["${role}"]\n${line}token = { env = "${name.toUpperCase()}" }\n`;
  });
  writeFileSync(
    configuration,
    [
      CONFIGURATION.replace('[daemon]', `[daemon]\nlock_out = "${lock_out}"`)
        .replace('max_tool_calls = 4', `max_tool_calls = ${calls}`)
        .replace('timeout_ms = 1000', `timeout_ms = ${timeout_ms}`)
        .replace('wait_ms = 0', `wait_ms = ${wait_ms}`),
      more,
      ...agents,
      ...people,
    ].join('\n'),
  );
  const environment = Object.fromEntries(
    Object.entries(TOKENS).map(([name, token]) => [name.toUpperCase(), token]),
  );
  let daemon = await startDaemon(configuration, environment);
  const url = () => daemon.url.replace(/\/mcp$/, '');
  const ask: ApiDaemon['ask'] = async (who, method, path, body) => {
    const response = await fetch(`${url()}${path}`, {
      method,
      headers: {
        ...(who === undefined ? {} : { Authorization: `Bearer ${TOKENS[who]}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  };
  return {
    get url() {
      return url();
    },
    configuration,
    get daemon() {
      return daemon;
    },
    restart: async () => {
      daemon = await startDaemon(configuration, environment);
    },
    ask,
    session: async (who) => (await ask(who, 'POST', '/v1/sessions', {})).body.session,
    remove: async () => {
      await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
