import type { Finding, Severity } from '../../model/finding.ts';
import type { DenyingId, NotedId } from '../../inspect/shell/effects.ts';
import { readShell } from '../../inspect/shell/read-shell.ts';
import type { ShellParser, Statement } from '../../inspect/shell/tree.ts';
import { HOLE } from '../code/token.ts';
import type { Hit, ScanRule } from '../rule.ts';
import type { Source } from '../source.ts';
import { startedCommands } from './command-calls.ts';

type ShellId = DenyingId | NotedId | 'shell.too_large' | 'shell.too_complex';

/** How much what a script does matters; undefined for what scripts do. */
const SEVERITIES: Readonly<Record<ShellId, Severity | undefined>> = {
  'shell.download_and_run': 'critical',
  'shell.reverse_shell': 'critical',
  'shell.encoded_code': 'critical',
  'shell.hidden_code': 'critical',
  'shell.exfiltration': 'critical',
  'shell.disruption': 'critical',
  'shell.credential_read': 'high',
  'shell.destructive': 'high',
  'shell.persistence': 'high',
  'shell.evasion': 'high',
  'shell.raw_socket': 'high',
  'shell.privilege': 'medium',
  'shell.system_write': 'medium',
  'shell.discards_work': 'medium',
  'shell.listen': 'medium',
  'shell.upload': 'medium',
  'shell.remote_command': 'medium',
  'shell.deletes_elsewhere': 'high',
  'shell.environment': 'low',
  'shell.permissions': 'low',
  'shell.too_large': 'medium',
  'shell.too_complex': 'medium',
  'shell.dynamic': undefined,
  'shell.recursive_delete': undefined,
};

/** What programs do to their own: one that cleans up deletes its folders, one that walks a tree calls itself. */
const MILD_MESSAGES = new Set([
  'deletes a folder with everything in it',
  'a function starts itself over and over',
]);

/** What a person is told to do once, and may be asked about, is milder than what a program does by itself. */
function severityOf(id: ShellId, message: string, { embedded }: Source): Severity | undefined {
  if (MILD_MESSAGES.has(message)) return 'medium';
  return embedded && id === 'shell.download_and_run' ? 'high' : SEVERITIES[id];
}

/** The findings of the inspector of commands, as rules of their own: each of them has its own reason. */
const SAID: Readonly<Partial<Record<ShellId, readonly [title: string, why: string]>>> = {
  'shell.download_and_run': [
    'a command that runs what it downloads',
    'What runs is what the other side sends at that moment, to you or to the one it is after. Download, check a digest, then run.',
  ],
  'shell.reverse_shell': [
    'a shell for somebody else',
    'It gives a shell on this machine to whoever listens at the other end.',
  ],
  'shell.encoded_code': [
    'a command that is encoded',
    'It is encoded so that nobody reads it before it runs.',
  ],
  'shell.hidden_code': ['a command that is hidden', 'It is hidden so that nobody sees it before it runs.'],
  'shell.exfiltration': ['files that are sent away', 'Files or credentials of the user go to another host.'],
  'shell.disruption': ['a command that stops the machine', 'It takes all of the machine, or stops it.'],
  'shell.credential_read': [
    'credentials that a command reads',
    'Keys and tokens of the user are none of its business.',
  ],
  'shell.destructive': ['a command that destroys', 'It deletes more than its own files.'],
  'shell.persistence': ['something that stays', 'It makes itself run again, at every login or at set times.'],
  'shell.evasion': ['traces that are removed', 'It removes or prevents the record of what was done.'],
  'shell.raw_socket': [
    'a bare connection',
    'It speaks to another machine without any protocol that could be looked at.',
  ],
  'shell.privilege': ['more rights than the user has', 'It runs as the administrator.'],
  'shell.system_write': ['files of the system that change', 'It changes what belongs to the system.'],
  'shell.discards_work': ['work that is thrown away', 'It throws away changes that nobody has saved.'],
  'shell.environment': ['the environment is read', 'The environment holds credentials.'],
  'shell.permissions': [
    'permissions are widened',
    'Others can read, write or run what they could not before.',
  ],
  'shell.listen': ['a port is opened', 'Others can reach the machine.'],
  'shell.upload': ['a file is uploaded', 'Something goes to another host.'],
  'shell.deletes_elsewhere': [
    'something elsewhere that is deleted',
    'It deletes what another machine or service keeps.',
  ],
  'shell.remote_command': ['a command on another machine', 'What it does there is not seen here.'],
  'shell.too_large': ['a script that is too large to be read', 'What is not read is not judged.'],
  'shell.too_complex': ['a script that is too complex to be read', 'What is not read is not judged.'],
};

/** One rule for each kind of finding of the inspector of commands. */
export const shellRules: readonly ScanRule[] = (Object.keys(SAID) as ShellId[]).flatMap((id) => {
  const [title, why] = SAID[id] ?? [];
  const severity = SEVERITIES[id];
  if (title === undefined || why === undefined || severity === undefined) return [];
  return [{ id, severity, title, why, find: (source) => hitsOf(source).filter((hit) => hit.id === id) }];
});

type ShellHit = Hit & { readonly id: ShellId };

const KNOWN = new WeakMap<Source, readonly ShellHit[]>();

/** Found once for each source, and kept no longer than it. */
function hitsOf(source: Source): readonly ShellHit[] {
  let known = KNOWN.get(source);
  if (known === undefined) {
    known = source.shell === undefined ? inCode(source) : inScript(source);
    KNOWN.set(source, known);
  }
  return known;
}

/** Fixed commands that a program starts. */
function inCode(source: Source): readonly ShellHit[] {
  const { code, parseShell } = source;
  if (code === undefined) return [];
  return startedCommands(code).flatMap(({ call: { start, end }, shell }) => {
    if (shell?.kind !== 'constant' && shell?.kind !== 'built') return [];
    // A value that is put in is one word of somebody's choice.
    const text = shell.text.replaceAll(HOLE, 'value');
    return readShell(text, parseShell).findings.flatMap((finding) => hit(finding, source, start, end));
  });
}

function inScript(source: Source): readonly ShellHit[] {
  const { text, shell, parseShell } = source;
  const findings = (shell?.findings ?? []).filter(({ id }) => SEVERITIES[id as ShellId] !== undefined);
  if (findings.length === 0) return [];
  const ends = statementEnds(text, parseShell);
  return findings.flatMap((finding) => {
    const [start, end] = placeOf(finding, text, ends, parseShell);
    return hit(finding, source, start, end);
  });
}

function hit(finding: Omit<Finding, 'at'>, source: Source, start: number, end: number): readonly ShellHit[] {
  const { message, capability } = finding;
  const id = finding.id as ShellId;
  const severity = severityOf(id, message, source);
  if (severity === undefined) return [];
  return [{ id, start, end, message, severity, ...(capability === undefined ? {} : { capability }) }];
}

function statementEnds(text: string, parse: ShellParser): readonly number[] {
  try {
    // The parser says where statements end; the type that the inspectors share leaves it out.
    const statements = parse(text).commands as readonly (Statement & { readonly end?: number })[];
    return statements.flatMap(({ end }) => (end === undefined ? [] : [end]));
  } catch {
    return [];
  }
}

/** Where a finding comes from: the first statement with which it is there. Found by halving, each step one reading. */
function placeOf(
  { id, message }: Omit<Finding, 'at'>,
  text: string,
  ends: readonly number[],
  parse: ShellParser,
): readonly [start: number, end: number] {
  const isThere = (end: number): boolean =>
    readShell(text.slice(0, end), parse).findings.some(
      (other) => other.id === id && other.message === message,
    );
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isThere(ends[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  const end = ends[low] ?? text.length;
  const before = low === 0 ? 0 : (ends[low - 1] ?? 0);
  const start = before + (/^[\s;&]*(?:#[^\n]*\s*)*/.exec(text.slice(before, end))?.[0].length ?? 0);
  return [Math.min(start, end), end];
}
