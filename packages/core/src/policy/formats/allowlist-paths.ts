import type { JsonObject, JsonValue } from '../../model/json.ts';
import type { SourceNode } from '../../source/node.ts';
import {
  fault,
  type Report,
  readLine,
  readSet,
  readTable,
  refuseUnknownKeys,
  type SourcePath,
} from '../../source/report.ts';
import { isUnder, normalisePath } from '../containment.ts';
import { parseGlob } from '../glob.ts';
import type { Wanted } from './allowlist-rules.ts';
import type { Translation } from './translation.ts';

const MAX_PATH = 4096;
const BLOCKED: SourcePath = ['blockedPaths'];
const SANDBOX: SourcePath = ['filesystem', 'sandboxRoot'];
const DENIED: SourcePath = ['filesystem', 'denyPatterns'];

/** Where the files of an agent are, and which of them it may not touch. */
export interface AllowlistPaths {
  /** Blocked with everything in them. */
  readonly folders: Wanted | undefined;
  /** Blocked by their names. */
  readonly patterns: Wanted | undefined;
  readonly sandbox: Wanted | undefined;
}

/**
 * Reads `blockedPaths` and `filesystem`. An entry that would block the sandbox with everything around it (`/`,
 * or every path) says that only the sandbox is open, as its root does by itself.
 */
export function readAllowlistPaths(
  report: Report,
  { blockedPaths, filesystem }: JsonObject,
  translation: Translation,
  base: string | undefined,
): AllowlistPaths {
  const files = filesystem === undefined ? {} : (readTable(report, ['filesystem'], filesystem) ?? {});
  refuseUnknownKeys(report, ['filesystem'], files, ['sandboxRoot', 'denyPatterns']);
  const { sandboxRoot, denyPatterns } = files;
  const root = sandboxRoot === undefined ? undefined : readPath(report, SANDBOX, sandboxRoot);
  const sandbox = root === undefined ? undefined : absoluteOf(root, base);
  const folders: SourceNode[] = [];
  const patterns: SourceNode[] = [];
  for (const { at, text } of [
    ...readEntries(report, BLOCKED, blockedPaths),
    ...readEntries(report, DENIED, denyPatterns),
  ]) {
    if (at[0] === BLOCKED[0] && !/[*?]/.test(text)) {
      const folder = absoluteOf(text, base);
      const around = sandbox !== undefined && folder !== undefined && folder !== sandbox;
      if (!(around && isUnder(sandbox, folder))) folders.push(translation.scalar(text, at));
      continue;
    }
    for (const pattern of readPattern(report, at, text) ?? []) {
      if (!isAround(pattern, sandbox)) patterns.push(translation.scalar(pattern, at));
    }
  }
  const under = (roots: readonly SourceNode[], path: SourcePath): Wanted => ({
    path,
    node: translation.table([['under', translation.list(roots, path)]], path),
  });
  return {
    folders: folders.length === 0 ? undefined : under(folders, BLOCKED),
    patterns: patterns.length === 0 ? undefined : { path: DENIED, node: translation.list(patterns, DENIED) },
    sandbox: root === undefined ? undefined : under([translation.scalar(root, SANDBOX)], SANDBOX),
  };
}

function readEntries(
  report: Report,
  path: SourcePath,
  value: JsonValue | undefined,
): readonly { readonly at: SourcePath; readonly text: string }[] {
  const entries: { readonly at: SourcePath; readonly text: string }[] = [];
  if (value === undefined) return entries;
  readSet(report, path, value, (at, item) => {
    const text = readPath(report, at, item);
    if (text !== undefined) entries.push({ at, text });
    return text;
  });
  return entries;
}

function readPath(report: Report, at: SourcePath, value: JsonValue): string | undefined {
  const text = readLine(report, at, value, MAX_PATH);
  if (text === undefined || !text.startsWith('~')) return text;
  return fault(report, at, 'bad-path', `\`${text}\` is in the home folder of whoever runs Aegis`, {
    help: 'write the whole path',
  });
}

/** The globs of one pattern: what is blocked is blocked with everything in it, in whichever folder it is. */
function readPattern(report: Report, at: SourcePath, text: string): readonly string[] | undefined {
  // SECURITY: read as plain text, a set or an exception would match no path and block nothing.
  if (/[[\]{}\\]|^!/.test(text)) {
    return fault(report, at, 'bad-pattern', `\`${text}\` has more than \`*\`, \`**\` and \`?\` in it`, {
      help: 'write a pattern for each of the names',
    });
  }
  if (/^[*/]+$/.test(text)) return ['*'];
  const relative = text.replace(/^\.\//, '').replace(/\/$/, '').replace(/\*+/g, '*');
  const glob = /^[/*]/.test(relative) ? relative : `*/${relative}`;
  return glob.endsWith('*') ? [glob] : [glob, `${glob}/*`];
}

/** Whether a glob is met by every path in the sandbox. */
function isAround(pattern: string, sandbox: string | undefined): boolean {
  const glob = parseGlob(pattern);
  return sandbox !== undefined && glob?.kind === 'prefix' && `${sandbox}/`.startsWith(glob.text);
}

function absoluteOf(path: string, base: string | undefined): string | undefined {
  return normalisePath(path.startsWith('/') || base === undefined ? path : `${base}/${path}`);
}
