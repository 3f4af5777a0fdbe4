import { resolve, tokensOf } from './code/code.ts';
import { isPunctuator } from './code/stream.ts';
import { startedCommands } from './rules/command-calls.ts';
import { namedHosts } from './rules/hosts.ts';
import { DOWNLOADS, FILE_CALLS, UPLOADS } from './rules/known-calls.ts';
import { allowedTools, frontMatter } from './rules/skill.ts';
import type { Source } from './source.ts';

/** What sources name of the world outside, sorted: what a manifest for them is drafted from. */
export interface Reach {
  /** Hosts in addresses that are given to a call, or to a command. */
  readonly hosts: readonly string[];
  /** Hosts that are named anywhere else in a program. */
  readonly namedHosts: readonly string[];
  /** Fixed paths that are read or written, as written. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Variables of the environment that are read. */
  readonly variables: readonly string[];
  /** Programs that are started, without folders. */
  readonly programs: readonly string[];
  /** Tools that the front matter of a skill says it uses. */
  readonly tools: readonly string[];
}

/** Most names of one kind. */
const MOST = 500;

export function reachOf(sources: readonly Source[]): Reach {
  const found = {
    hosts: new Set<string>(),
    namedHosts: new Set<string>(),
    reads: new Set<string>(),
    writes: new Set<string>(),
    variables: new Set<string>(),
    programs: new Set<string>(),
    tools: new Set<string>(),
  };
  for (const source of sources) {
    if (source.role === 'program') readProgram(source, found);
    const front =
      source.language === 'markdown' && source.offset === 0 ? frontMatter(source.text) : undefined;
    for (const tool of front === undefined ? [] : allowedTools(front)) found.tools.add(tool);
  }
  for (const host of found.hosts) found.namedHosts.delete(host);
  const sorted = (names: ReadonlySet<string>): readonly string[] => [...names].sort().slice(0, MOST);
  return {
    hosts: sorted(found.hosts),
    namedHosts: sorted(found.namedHosts),
    reads: sorted(found.reads),
    writes: sorted(found.writes),
    variables: sorted(found.variables),
    programs: sorted(found.programs),
    tools: sorted(found.tools),
  };
}

type Found = { readonly [Kind in keyof Reach]: Set<string> };

/** Names of vocabularies, which look like addresses and are never asked. */
const VOCABULARY =
  /(?:^|\.)(?:w3\.org|json-schema\.org|schema\.org|xmlsoap\.org|openxmlformats\.org|example\.(?:com|org|net))$/;
const LOCAL = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|0\.0\.0\.0|\[::1?\])$/;

function readProgram(source: Source, found: Found): void {
  const { code, shell } = source;
  const callEnds = (code?.calls ?? []).filter(({ name }) => UPLOADS.has(name) || DOWNLOADS.has(name));
  for (const { host, start, end } of namedHosts(source)) {
    if (VOCABULARY.test(host) || LOCAL.test(host) || !host.includes('.')) continue;
    const asked = shell !== undefined || callEnds.some((call) => call.start <= start && end <= call.end);
    (asked ? found.hosts : found.namedHosts).add(host);
  }
  for (const { program } of shell?.commands ?? []) if (isProgram(program)) found.programs.add(program);
  for (const program of programsIn(shell?.programs)) found.programs.add(program);
  if (code === undefined) return;
  for (const { shell: text, program } of startedCommands(code)) {
    if (program?.kind === 'constant') addProgram(found, program.text);
    if (text?.kind === 'constant' || text?.kind === 'built')
      addProgram(found, /^\s*(\S+)/.exec(text.text)?.[1] ?? '');
  }
  for (const { name, args } of code.calls) {
    const what = FILE_CALLS.get(name);
    const path = what === undefined ? undefined : resolve(code, args[0] ?? []);
    if (path?.kind === 'constant' && isPath(path.text)) {
      if (what !== 'write') found.reads.add(path.text);
      if (what !== 'read' && (what === 'write' || writesTo(args[1]?.[0]?.value))) found.writes.add(path.text);
    }
  }
  for (const variable of variablesIn(source)) found.variables.add(variable);
}

function addProgram(found: Found, text: string): void {
  const program = text.split('/').at(-1) ?? '';
  if (isProgram(program)) found.programs.add(program);
}

function isProgram(name: string): boolean {
  return /^[\w@+.-]{1,64}$/.test(name) && /[a-z]/i.test(name);
}

function programsIn(names: readonly string[] | undefined): readonly string[] {
  return (names ?? []).filter(isProgram);
}

function isPath(text: string): boolean {
  return text !== '' && text.length <= 1024 && !/[\p{Cc}\uFFFC]/u.test(text) && !/^https?:/.test(text);
}

function writesTo(mode: string | undefined): boolean {
  return mode !== undefined && /[wax+]/.test(mode);
}

const READERS =
  /^(?:os\.environ\.get|os\.getenv|os\.Getenv|os\.LookupEnv|Deno\.env\.get|environ\.get|getenv)$/;

/** The variables of the environment that a program reads by name. */
function* variablesIn({ code }: Source): Generator<string> {
  if (code === undefined) return;
  for (const { name, args } of code.calls) {
    const variable = READERS.test(name) ? resolve(code, args[0] ?? []) : undefined;
    if (variable?.kind === 'constant' && VARIABLE.test(variable.text)) yield variable.text;
  }
  const tokens = [...tokensOf(code)];
  for (const [index, { text }] of tokens.entries()) {
    if (text !== 'env' && text !== 'environ') continue;
    if (!isPunctuator(tokens[index - 1], '.')) continue;
    const [next, name] = [tokens[index + 1], tokens[index + 2]];
    const variable = isPunctuator(next, '.') ? name?.text : isPunctuator(next, '[') ? name?.value : undefined;
    if (variable !== undefined && VARIABLE.test(variable)) yield variable;
  }
}

const VARIABLE = /^[A-Z][A-Z0-9_]{1,63}$/;
