import type { ServerManifest, ToolManifest } from '../manifest/manifest.ts';
import type { Capability } from '../model/capability.ts';
import type { CommandFact, Facts, Finding, PathFact, UrlFact } from '../model/finding.ts';
import type { AccessRequest } from '../model/request.ts';
import { type Argument, argumentsOf, MAX_ARGUMENT_DEPTH, MAX_ARGUMENTS } from './argument.ts';
import { looksLikePath, looksLikeUrl } from './likeness.ts';
import { readPath } from './path.ts';
import type { InspectPlatform } from './platform.ts';
import { readShell } from './shell/read-shell.ts';
import { inspectSql } from './sql/inspect-sql.ts';
import { readUrl } from './url.ts';
import { hasSteps } from './uri-steps.ts';
import { inspectPossibleValue, inspectShellValue, inspectSqlValue } from './value.ts';

export interface InspectInput {
  readonly request: AccessRequest;
  /** What the server declares; undefined when it has no manifest. */
  readonly server: ServerManifest | undefined;
  readonly platform: InspectPlatform;
}

/**
 * Establishes what an action really is: effective capabilities, real paths, parsed URLs, findings.
 *
 * Declared capabilities hold as they are, but for `db.*` of a tool with statements among its
 * arguments, and for what programs can do of a tool with commands among them: there, what the
 * statements and the commands do takes their place. An inspector that fails is a finding
 * that denies. Cost is linear in the size of the arguments, and bounded.
 */
export function inspect({ request, server, platform }: InspectInput): Facts {
  const { kind, name } = request.resource;
  const tool = kind === 'tool' ? server?.tools.get(name) : undefined;
  const gathered = new Gathered(platform, server, tool?.capabilities ?? []);
  if (kind === 'resource') gathered.uri(name);
  const args = argumentsOf(request.args, tool?.args);
  if (args === undefined) {
    gathered.findings.push({
      id: 'args.too_many',
      at: '',
      severity: 'high',
      message: `more than ${MAX_ARGUMENTS} values, or nested deeper than ${MAX_ARGUMENT_DEPTH}`,
      denies: 'PROTOCOL_VIOLATION',
    });
  } else {
    for (const argument of args) gathered.argument(argument);
  }
  return {
    capabilities: capabilitiesOf(kind, tool, gathered),
    findings: gathered.findings,
    paths: gathered.paths,
    urls: gathered.urls,
    contents: [],
    ...(gathered.programs.length === 0 ? {} : { commands: gathered.programs }),
  };
}

function capabilitiesOf(
  kind: AccessRequest['resource']['kind'],
  tool: ToolManifest | undefined,
  { statements, commands, implied }: Gathered,
): readonly Capability[] {
  if (kind !== 'tool') return [...implied];
  if (tool === undefined) return ['unclassified'];
  // What could not be judged has a finding that denies; until then nothing is narrowed.
  let capabilities = tool.capabilities;
  if (statements !== undefined && statements !== 'unjudged') {
    capabilities = [...capabilities.filter((capability) => !capability.startsWith('db.')), ...statements];
  }
  if (commands !== undefined && commands !== 'unjudged') {
    capabilities = [...capabilities.filter((capability) => !OF_PROGRAMS.has(capability)), ...commands];
  }
  return capabilities;
}

/** What the programs of a command can do, each of which is read from the command itself. */
const OF_PROGRAMS: ReadonlySet<Capability> = new Set([
  'exec',
  'fs.read',
  'fs.write',
  'fs.delete',
  'net.egress',
  'secret.read',
]);

const GUARD_OF = { sql: 'GUARD_SQL', shell: 'GUARD_SHELL', path: 'GUARD_PATH', url: 'GUARD_SSRF' } as const;

/** What the inspectors have established so far. */
class Gathered {
  readonly findings: Finding[] = [];
  readonly paths: PathFact[] = [];
  readonly urls: UrlFact[] = [];
  readonly programs: CommandFact[] = [];
  readonly implied = new Set<Capability>();
  /** What the statements do, together; undefined when there are none. */
  statements: Set<Capability> | 'unjudged' | undefined;
  /** What the commands do, together; undefined when there are none. */
  commands: Set<Capability> | 'unjudged' | undefined;
  readonly #platform: InspectPlatform;
  readonly #server: ServerManifest | undefined;

  readonly #declared: readonly Capability[];

  constructor(
    platform: InspectPlatform,
    server: ServerManifest | undefined,
    declared: readonly Capability[],
  ) {
    this.#declared = declared;
    this.#platform = platform;
    this.#server = server;
  }

  /** The resource itself: what its URI reaches. */
  uri(uri: string): void {
    // SECURITY: RFC 3986 has no spaces and no controls. Libraries drop them, each in its own places, and
    // then read another URI than the one that was judged.
    if (/[\p{Z}\p{C}]/u.test(uri)) {
      const message = 'holds white space or control characters';
      this.findings.push({ id: 'uri.ambiguous', at: '', severity: 'high', message, denies: 'GUARD_PATH' });
    }
    if (/^file:/i.test(uri)) {
      this.implied.add('fs.read');
      this.#guarded('path', '', () => this.#path(uri, ''));
    } else if (/^(?:https?|wss?|ftps?):/i.test(uri)) {
      this.implied.add('net.egress');
      this.#guarded('url', '', () => this.#url(uri, ''));
    } else if (hasSteps(uri)) {
      const message = 'the URI holds `.` or `..` steps, and names another resource for whoever takes them';
      this.findings.push({ id: 'uri.ambiguous', at: '', severity: 'high', message, denies: 'GUARD_PATH' });
    }
  }

  argument({ at, key, value, kind }: Argument): void {
    if (value === null) return;
    if (kind === undefined) {
      if (typeof value !== 'string') return;
      if (looksLikeUrl(value))
        this.#guarded('url', at, () => this.#url(/^\S+/.exec(value)?.[0] ?? value, at));
      else if (looksLikePath(key, value)) this.#guarded('path', at, () => this.#path(value, at));
      else this.#guarded('sql', at, () => this.#note(inspectPossibleValue(value, this.#declared), at));
      return;
    }
    if (kind.kind === 'id' || kind.kind === 'text') return;
    if (kind.kind === 'sql-value' || kind.kind === 'shell-value')
      return this.#value(kind.kind, String(value), at);
    if (typeof value !== 'string') return this.#notText(kind.kind, at);
    switch (kind.kind) {
      case 'sql':
        return this.#guarded('sql', at, () => this.#sql(value, at, kind.dialect));
      case 'shell':
        // SECURITY: the words of a command that come as a list mean nothing one by one.
        if (/\/\d+$/.test(at)) return this.#notText('shell', at);
        return this.#guarded('shell', at, () => this.#shell(value, at));
      case 'path':
        return this.#guarded('path', at, () => this.#path(value, at));
      case 'url':
        return this.#guarded('url', at, () => this.#url(value, at));
      case 'host':
        return this.#guarded('url', at, () => this.#url(`https://${value}`, at));
    }
  }

  #value(kind: 'sql-value' | 'shell-value', text: string, at: string): void {
    if (kind === 'sql-value') this.#guarded('sql', at, () => this.#note(inspectSqlValue(text), at));
    else this.#guarded('shell', at, () => this.#note(inspectShellValue(text, this.#platform), at));
  }

  #sql(text: string, at: string, dialect: Parameters<typeof inspectSql>[1]): void {
    const protectedTables = this.#server?.protectedTables ?? [];
    const { capabilities, findings } = inspectSql(text, dialect, this.#platform.sql, protectedTables);
    this.#note(findings, at);
    if (capabilities === undefined || this.statements === 'unjudged') {
      this.statements = 'unjudged';
      return;
    }
    this.statements ??= new Set();
    for (const capability of capabilities) this.statements.add(capability);
  }

  #shell(text: string, at: string): void {
    const { capabilities, findings, commands, paths, urls, unknownPath, unknownHost } = readShell(
      text,
      this.#platform.shell,
    );
    this.#note(findings, at);
    this.programs.push(...commands);
    for (const path of paths) this.#guarded('path', at, () => this.#path(path, at));
    for (const url of urls) this.#guarded('url', at, () => this.#url(url, at));
    // SECURITY: where a manifest says which files and hosts, one that nobody can know yet is none of them.
    const limits = { path: unknownPath && this.#server?.fs, host: unknownHost && this.#server?.net };
    for (const [what, limit] of Object.entries(limits)) {
      if (limit === false || limit === undefined) continue;
      const message = `names a ${what} that is known only when it runs`;
      this.findings.push({
        id: `shell.unknown_${what}`,
        at,
        severity: 'medium',
        message,
        denies: 'GUARD_SHELL',
      });
    }
    if (capabilities === undefined || this.commands === 'unjudged') {
      this.commands = 'unjudged';
      return;
    }
    this.commands ??= new Set();
    for (const capability of capabilities) this.commands.add(capability);
  }

  #path(text: string, at: string): void {
    const { facts, findings } = readPath(text, this.#platform);
    this.paths.push(...facts);
    this.#note(findings, at);
  }

  #url(text: string, at: string): void {
    const { fact, findings } = readUrl(text, this.#platform);
    if (fact !== undefined) this.urls.push(fact);
    this.#note(findings, at);
  }

  #notText(kind: 'sql' | 'shell' | 'path' | 'url' | 'host', at: string): void {
    const inspector = kind === 'host' ? 'url' : kind;
    this.findings.push({
      id: `${inspector}.not_text`,
      at,
      severity: 'high',
      message: `a ${kind === 'shell' ? 'command' : kind} must be one text`,
      denies: GUARD_OF[inspector],
    });
  }

  #note(findings: readonly Omit<Finding, 'at'>[], at: string): void {
    for (const finding of findings) this.findings.push({ ...finding, at });
  }

  /** SECURITY: an inspector that fails has not found the argument harmless. */
  #guarded(inspector: string, at: string, read: () => void): void {
    try {
      read();
    } catch {
      if (inspector === 'sql') this.statements = 'unjudged';
      if (inspector === 'shell') this.commands = 'unjudged';
      const message = 'the inspector failed';
      this.findings.push({
        id: `${inspector}.failed`,
        at,
        severity: 'high',
        message,
        denies: 'INTERNAL_ERROR',
      });
    }
  }
}
