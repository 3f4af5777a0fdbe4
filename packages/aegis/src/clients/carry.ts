import { isAbsolute, relative, resolve } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';
import type { ServerBlock } from '../config/edit-servers.ts';
import type { ConfiguredValue } from '../config/configured/parties.ts';
import { runsAegis } from './aegis-entry.ts';
import type { ClientPlace, McpClient } from './client.ts';
import { fillKnown, hasExpression } from './expression.ts';
import { isPlain, secretArguments, withoutCredentials } from './plain-value.ts';

export interface CarryContext {
  readonly client: McpClient;
  readonly place: ClientPlace;
  readonly home: string;
  /** The folder of the configuration: paths in it are relative to that. */
  readonly directory: string;
  /** The server's name in the configuration. */
  readonly name: string;
  /** The file, as the configuration names it, that a credential is put into. */
  secretFile(key: string): string;
}

/** A credential that leaves the client's file for one of its own. */
export interface MovedSecret {
  readonly file: string;
  readonly value: string;
}

export type Carrying =
  | {
      readonly kind: 'carried';
      readonly server: ServerBlock;
      readonly secrets: readonly MovedSecret[];
      /** Variables that the client fills in for Aegis, by name: what the server's entry asked of it. */
      readonly forwards: Readonly<Record<string, string>>;
      /** Variables of the client's own environment that Aegis must get. */
      readonly inherits: readonly string[];
    }
  | { readonly kind: 'left'; readonly why: string };

/** Keys that mean nothing for a gateway: labels, and how long the client itself waits. */
const IDLE_KEYS = new Set([
  'type',
  'name',
  'description',
  'timeout',
  'gallery',
  'version',
  'required',
  'startup_timeout_sec',
  'startup_timeout_ms',
  'tool_timeout_sec',
  'supports_parallel_tool_calls',
]);

const STDIO_KEYS = new Set(['command', 'args', 'env', 'cwd', 'env_vars']);
const HTTP_KEYS = new Set(['url', 'headers', 'http_headers', 'env_http_headers']);

/** Why a key keeps a server out of Aegis; any other unknown key is named as it is. */
const REASONS: Readonly<Record<string, string>> = {
  oauth: 'signs in with OAuth, which the client does',
  auth: 'signs in with OAuth, which the client does',
  scopes: 'signs in with OAuth, which the client does',
  oauth_resource: 'signs in with OAuth, which the client does',
  headersHelper: 'its headers come from a program that the client runs',
  bearer_token_env_var:
    'its bearer token comes from a variable: use `env_http_headers` with the whole header',
  sandboxEnabled: 'runs in the sandbox of the client',
  sandbox: 'runs in the sandbox of the client',
  envFile: 'reads its environment from `envFile`: name the variables under `env`',
  enabled_tools: 'the client limits its tools: write that as a rule first',
  disabled_tools: 'the client limits its tools: write that as a rule first',
  tools: 'the client asks for approval of its tools: write that as a rule first',
  default_tools_approval_mode: 'the client asks for approval of its tools: write that as a rule first',
};

/** Turns a server of a client into one of Aegis, or says why it stays where it is. */
export function carry(value: JsonValue, context: CarryContext): Carrying {
  if (!isJsonObject(value)) return left('is not an object');
  if (runsAegis(value)) return left('runs behind Aegis already');
  if (value['disabled'] === true || value['enabled'] === false) return left('is disabled');
  const { type, command, url } = value;
  if (type === 'sse') return left('speaks HTTP+SSE, the transport of 2024-11-05');
  if (type !== undefined && !['stdio', 'http', 'streamable-http', 'streamableHttp'].includes(String(type))) {
    return left(`has the type \`${String(type)}\``);
  }
  if ((typeof command === 'string') === (typeof url === 'string')) {
    return left('needs either `command` or `url`');
  }
  const known = typeof command === 'string' ? STDIO_KEYS : HTTP_KEYS;
  for (const key of Object.keys(value)) {
    if (known.has(key) || IDLE_KEYS.has(key) || key === 'disabled' || key === 'enabled') continue;
    return left(REASONS[key] ?? `has \`${key}\`, which Aegis has no counterpart for`);
  }
  return typeof command === 'string'
    ? carryStdio(value, command, context)
    : carryHttp(value, String(url), context);
}

function carryStdio(value: JsonObject, program: string, context: CarryContext): Carrying {
  const { client, place, home, directory } = context;
  const args = value['args'] ?? [];
  if (!isTexts(args)) return left('`args` is not a list of texts');
  const command = [program, ...args].map((word) => fillKnown(word, client.expansion, place, home));
  if (command.some((word) => hasExpression(word, client.expansion))) {
    return left('only the client can fill in its command line');
  }
  const [secret] = secretArguments(command);
  if (secret !== undefined) {
    return left(`argument ${secret} of its command line seems to hold a credential: move it to \`env\``);
  }
  const given = value['cwd'];
  if (given !== undefined && typeof given !== 'string') return left('`cwd` is not a text');
  const base = place.project ?? home;
  const cwd = resolve(base, fillKnown(given ?? '.', client.expansion, place, home));
  if (hasExpression(cwd, client.expansion)) return left('only the client can fill in its `cwd`');
  const variables = value['env_vars'] ?? [];
  if (!isTexts(variables)) return left('`env_vars` names variables of another machine');
  const values = new Values(context);
  const fault = values.take(value['env'], 'env');
  if (fault !== undefined) return left(fault);
  for (const variable of variables) values.inherit(variable, variable);
  // The clients give their servers the home folder; Aegis gives nothing that is not declared.
  const env = { ...(values.configured['HOME'] === undefined ? { HOME: home } : {}), ...values.configured };
  const from = relative(directory, cwd);
  const server: ServerBlock = {
    name: context.name,
    command,
    ...(from === '' ? {} : { cwd: isAbsolute(from) ? cwd : from }),
    env,
  };
  return { kind: 'carried', server, ...values.moved() };
}

function carryHttp(value: JsonObject, written: string, context: CarryContext): Carrying {
  const { client, place, home } = context;
  const url = fillKnown(written, client.expansion, place, home);
  if (hasExpression(url, client.expansion)) return left('only the client can fill in its URL');
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return left('its URL is not http or https');
  if (withoutCredentials(url) !== url) return left('its URL seems to hold a credential: move it to a header');
  const values = new Values(context);
  const fault =
    values.take(value['headers'], 'headers') ?? values.take(value['http_headers'], 'http_headers');
  if (fault !== undefined) return left(fault);
  const fromEnvironment = value['env_http_headers'] ?? {};
  if (!isJsonObject(fromEnvironment)) return left('`env_http_headers` is not a table');
  for (const [header, variable] of Object.entries(fromEnvironment)) values.inherit(header, String(variable));
  const headers = values.configured;
  const server = { name: context.name, url, ...(Object.keys(headers).length === 0 ? {} : { headers }) };
  return { kind: 'carried', server, ...values.moved() };
}

/** The environment or the headers of one server: what stands as text, what is moved, what is forwarded. */
class Values {
  readonly configured: Record<string, ConfiguredValue> = {};
  readonly #context: CarryContext;
  readonly #secrets: MovedSecret[] = [];
  readonly #forwards: Record<string, string> = {};
  readonly #inherits: string[] = [];

  constructor(context: CarryContext) {
    this.#context = context;
  }

  /** Takes over a table of texts; says what is wrong with it otherwise. */
  take(table: JsonValue | undefined, what: string): string | undefined {
    if (table === undefined) return undefined;
    if (!isJsonObject(table)) return `\`${what}\` is not a table of texts`;
    for (const [key, value] of Object.entries(table)) {
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
        return `\`${key}\` under \`${what}\` is not a text`;
      }
      this.#put(key, String(value));
    }
    return undefined;
  }

  inherit(key: string, variable: string): void {
    this.configured[key] = { env: variable };
    if (!this.#inherits.includes(variable)) this.#inherits.push(variable);
  }

  moved(): {
    readonly secrets: readonly MovedSecret[];
    readonly forwards: Readonly<Record<string, string>>;
    readonly inherits: readonly string[];
  } {
    return { secrets: this.#secrets, forwards: this.#forwards, inherits: this.#inherits };
  }

  #put(key: string, written: string): void {
    const { client, place, home, name } = this.#context;
    const value = fillKnown(written, client.expansion, place, home);
    if (hasExpression(value, client.expansion)) {
      const variable = `AEGIS_${name}_${key}`.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();
      this.#forwards[variable] = value;
      this.configured[key] = { env: variable };
    } else if (isPlain(key, value)) {
      this.configured[key] = value;
    } else {
      // SECURITY: what may be a credential is never written into the configuration as text.
      const file = this.#context.secretFile(key);
      this.#secrets.push({ file, value });
      this.configured[key] = { file };
    }
  }
}

function left(why: string): Carrying {
  return { kind: 'left', why };
}

function isTexts(value: JsonValue): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
