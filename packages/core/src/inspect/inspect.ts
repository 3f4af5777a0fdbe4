import type { ServerManifest, ToolManifest } from '../manifest/manifest.ts';
import type { Capability } from '../model/capability.ts';
import type { Facts, Finding, PathFact, UrlFact } from '../model/finding.ts';
import type { AccessRequest } from '../model/request.ts';
import { type Argument, argumentsOf, MAX_ARGUMENT_DEPTH, MAX_ARGUMENTS } from './argument.ts';
import { looksLikePath, looksLikeUrl } from './likeness.ts';
import { readPath } from './path.ts';
import type { InspectPlatform } from './platform.ts';
import { inspectSql } from './sql/inspect-sql.ts';
import { readUrl } from './url.ts';

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
 * arguments: there, what the statements do takes their place. An inspector that fails is a finding
 * that denies. Cost is linear in the size of the arguments, and bounded.
 */
export function inspect({ request, server, platform }: InspectInput): Facts {
  const { kind, name } = request.resource;
  const tool = kind === 'tool' ? server?.tools.get(name) : undefined;
  const gathered = new Gathered(platform, server?.protectedTables ?? []);
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
  };
}

function capabilitiesOf(
  kind: AccessRequest['resource']['kind'],
  tool: ToolManifest | undefined,
  { statements, implied }: Gathered,
): readonly Capability[] {
  if (kind !== 'tool') return [...implied];
  if (tool === undefined) return ['unclassified'];
  // A statement that could not be judged has a finding that denies; until then nothing is narrowed.
  if (statements === undefined || statements === 'unjudged') return tool.capabilities;
  return [...tool.capabilities.filter((capability) => !capability.startsWith('db.')), ...statements];
}

/** What the inspectors have established so far. */
class Gathered {
  readonly findings: Finding[] = [];
  readonly paths: PathFact[] = [];
  readonly urls: UrlFact[] = [];
  readonly implied = new Set<Capability>();
  /** What the statements do, together; undefined when there are none. */
  statements: Set<Capability> | 'unjudged' | undefined;
  readonly #platform: InspectPlatform;
  readonly #protectedTables: readonly string[];

  constructor(platform: InspectPlatform, protectedTables: readonly string[]) {
    this.#platform = platform;
    this.#protectedTables = protectedTables;
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
    }
  }

  argument({ at, key, value, kind }: Argument): void {
    if (value === null) return;
    if (kind === undefined) {
      if (typeof value !== 'string') return;
      if (looksLikeUrl(value))
        this.#guarded('url', at, () => this.#url(/^\S+/.exec(value)?.[0] ?? value, at));
      else if (looksLikePath(key, value)) this.#guarded('path', at, () => this.#path(value, at));
      return;
    }
    if (kind.kind === 'id' || kind.kind === 'text') return;
    if (typeof value !== 'string') return this.#notText(kind.kind, at);
    switch (kind.kind) {
      case 'sql':
        return this.#guarded('sql', at, () => this.#sql(value, at, kind.dialect));
      case 'path':
        return this.#guarded('path', at, () => this.#path(value, at));
      case 'url':
        return this.#guarded('url', at, () => this.#url(value, at));
      case 'host':
        return this.#guarded('url', at, () => this.#url(`https://${value}`, at));
    }
  }

  #sql(text: string, at: string, dialect: Parameters<typeof inspectSql>[1]): void {
    const { capabilities, findings } = inspectSql(text, dialect, this.#platform.sql, this.#protectedTables);
    this.#note(findings, at);
    if (capabilities === undefined || this.statements === 'unjudged') {
      this.statements = 'unjudged';
      return;
    }
    this.statements ??= new Set();
    for (const capability of capabilities) this.statements.add(capability);
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

  #notText(kind: 'sql' | 'path' | 'url' | 'host', at: string): void {
    const inspector = kind === 'host' ? 'url' : kind;
    const denies = inspector === 'sql' ? 'GUARD_SQL' : inspector === 'path' ? 'GUARD_PATH' : 'GUARD_SSRF';
    this.findings.push({
      id: `${inspector}.not_text`,
      at,
      severity: 'high',
      message: `a ${kind} must be a text`,
      denies,
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
