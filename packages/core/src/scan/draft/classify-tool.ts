import { parametersOf } from '../../inspect/definition/parameter.ts';
import { CAPABILITIES, type Capability } from '../../model/capability.ts';
import { isJsonObject, type JsonObject } from '../../model/json.ts';

/** What a tool can probably do, and why one would think so. */
export interface ToolGuess {
  /** In the order of `CAPABILITIES`; empty where nothing says anything. */
  readonly capabilities: readonly Capability[];
  /** Arguments and what they probably are, as a manifest writes it. */
  readonly args: readonly (readonly [name: string, kind: string])[];
  /** For a person: what the guess stands on. */
  readonly because: string;
}

const READS = words(
  'read get list search find show view describe stat info count query fetch lookup load open tree head tail cat grep',
);
const WRITES = words(
  'write create add update edit set put save append rename move copy patch insert upload modify make mkdir commit push apply',
);
const DELETES = words('delete remove drop purge destroy clear erase unlink rm truncate wipe');
const RUNS = words('run exec execute shell command bash terminal spawn eval script powershell subprocess');
const SENDS = words('send reply notify email mail sms tweet dm publish broadcast');
const PAYS = words('pay payment charge refund transfer purchase buy checkout payout');
const FILES = words('file files directory directories folder folders dir path filesystem');
const WEB = words('http https url web browse browser crawl scrape navigate download website page internet');
const TABLES = words('sql database table tables row rows schema db');
const MEMORIES = words(
  'memory memories remember recall entity entities relation relations observation observations graph knowledge node nodes note notes',
);
const SECRETS = words(
  'secret secrets password passwords credential credentials vault keychain env environment',
);

/** Guesses from the names of a tool and of its parameters. What it says in prose and in its hints is not believed. */
export function classifyTool(tool: JsonObject, server: string): ToolGuess {
  const name = typeof tool['name'] === 'string' ? tool['name'] : '';
  const own = wordsOf(name);
  const said = (set: ReadonlySet<string>): string | undefined => own.find((word) => set.has(word));
  const guess = new Guess();
  const parameters = parametersOf(tool).map(({ name: parameter, schema }) => ({
    name: parameter,
    kind: kindOf(parameter, schema, `${server} ${name}`),
  }));
  const kinds = new Map(
    parameters.flatMap(({ name: parameter, kind }) =>
      kind === undefined ? [] : [[kind, parameter] as const],
    ),
  );
  const [reads, writes, deletes] = [said(READS), said(WRITES), said(DELETES)];
  const path = kinds.get('path');
  const memory = said(MEMORIES);
  const files = path === undefined ? (memory === undefined ? said(FILES) : undefined) : `\`${path}\``;
  if (files !== undefined) {
    if (reads !== undefined || (writes === undefined && deletes === undefined))
      guess.add('fs.read', files, reads);
    if (writes !== undefined || (reads === undefined && deletes === undefined))
      guess.add('fs.write', files, writes);
    if (deletes !== undefined) guess.add('fs.delete', files, deletes);
  } else if (memory !== undefined) {
    if (writes === undefined && deletes === undefined) guess.add('memory.read', memory, reads);
    else guess.add('memory.write', memory, writes ?? deletes);
  }
  const url = kinds.get('url') ?? kinds.get('host');
  const web = url === undefined ? said(WEB) : `\`${url}\``;
  if (web !== undefined) guess.add('net.egress', web);
  const command = kinds.get('shell');
  const runs = command === undefined ? said(RUNS) : `\`${command}\``;
  if (runs !== undefined)
    for (const one of ['exec', 'fs.read', 'fs.write', 'net.egress'] as const) guess.add(one, runs);
  const sql = [...kinds].find(([kind]) => kind.startsWith('sql('))?.[1];
  const table = sql === undefined ? said(TABLES) : `\`${sql}\``;
  if (table !== undefined) {
    guess.add('db.read', table, reads);
    if (sql !== undefined || writes !== undefined || deletes !== undefined)
      guess.add('db.write', table, writes ?? deletes);
  }
  const sends = said(SENDS);
  if (sends !== undefined) guess.add('message.send', sends);
  const pays = said(PAYS);
  if (pays !== undefined) guess.add('payment.send', pays);
  const secrets = said(SECRETS);
  if (secrets !== undefined && table === undefined) guess.add('secret.read', secrets);
  return {
    capabilities: CAPABILITIES.filter((capability) => guess.has(capability)),
    args: parameters.flatMap(({ name: parameter, kind }) =>
      kind === undefined ? [] : [[parameter, kind] as const],
    ),
    because: guess.because,
  };
}

/** Capabilities with what speaks for each. */
class Guess {
  readonly #because = new Map<Capability, string>();
  readonly #words = new Set<string>();

  add(capability: Capability, ...said: readonly (string | undefined)[]): void {
    this.#because.set(capability, capability);
    for (const word of said) if (word !== undefined) this.#words.add(word);
  }

  has(capability: Capability): boolean {
    return this.#because.has(capability);
  }

  get because(): string {
    return [...this.#words].map((word) => (word.includes('`') ? word : `"${word}"`)).join(', ');
  }
}

// Linear: fixed words at the end of a name.
const PATH =
  /(?:^|[_-]|[a-z](?=[A-Z]))(?:path|file|filename|filepath|dir|directory|folder|src|source|dst|dest|destination|cwd|root|workdir)s?$/i;
const URL = /(?:^|[_-]|[a-z](?=[A-Z]))(?:url|uri|link|endpoint|webhook)s?$/i;
const HOST = /^(?:host|hostname|domain)$/i;
const SQL = /^(?:sql|statement|sql_?query)$/i;
const SHELL = /^(?:command|cmd|command_?line|shell|script|bash)$/i;

function kindOf(name: string, schema: JsonObject, about: string): string | undefined {
  const { type, items } = schema;
  const text = type === 'string' || (Array.isArray(type) && type.some((one) => one === 'string'));
  const texts = type === 'array' && isJsonObject(items) && items['type'] === 'string';
  if (!text && !texts) return undefined;
  if (URL.test(name) || schema['format'] === 'uri') return 'url';
  if (PATH.test(name)) return 'path';
  if (!text) return undefined;
  if (HOST.test(name)) return 'host';
  if (SHELL.test(name)) return 'shell';
  if (SQL.test(name) || (name === 'query' && /sql|postgres|mysql|maria|database/i.test(about)))
    return `sql(${dialectOf(about)})`;
  return undefined;
}

function dialectOf(about: string): string {
  if (/mysql|maria/i.test(about)) return 'mysql';
  return /sqlite/i.test(about) ? 'sqlite' : 'postgresql';
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '');
}
