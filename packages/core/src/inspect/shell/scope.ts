import { type Field, field, HOLE, type Stream } from './field.ts';
import { MAX_NAMES, TooComplex } from './limits.ts';
import type { FunctionDefinition } from './tree.ts';

/** What a line of shell knows at one point: its variables, functions, arguments and folder. */
export interface Scope {
  /** Values of arrays in order; a plain variable has one. */
  readonly variables: Map<string, readonly Field[]>;
  readonly functions: Map<string, FunctionDefinition['body']>;
  readonly aliases: Map<string, string>;
  /** What the line itself wrote to a file, by path. */
  readonly files: Map<string, Stream>;
  /** `$0`, `$1`, ...; undefined where the caller's are not known. */
  positional: readonly Field[] | undefined;
  /** As written, `.` at first; `HOLE` when not known. */
  folder: string;
  /** Above zero where a command may not run at all, so that an assignment may not happen. */
  conditional: number;
  /** A branch that may have been taken went to another folder. */
  astray: boolean;
  /** Standard input and output lead to a socket from here on (`exec 5<>/dev/tcp/...`). */
  socket: boolean;
  /** Runs at the side of what started it: in a pipeline or in the background. */
  parallel: boolean;
}

export function freshScope(): Scope {
  return {
    variables: new Map(),
    functions: new Map(),
    aliases: new Map(),
    files: new Map(),
    positional: [],
    folder: '.',
    conditional: 0,
    astray: false,
    socket: false,
    parallel: false,
  };
}

/** A subshell: sees everything, changes nothing of it. Files are the machine's, so they are shared. */
export function childScope(scope: Scope, positional?: readonly Field[]): Scope {
  return {
    ...scope,
    variables: new Map(scope.variables),
    functions: new Map(scope.functions),
    aliases: new Map(scope.aliases),
    positional: positional ?? scope.positional,
  };
}

/** SECURITY: what may or may not be assigned is known only when both ways give the same. */
export function assign(scope: Scope, name: string, values: readonly Field[]): void {
  const before = scope.variables.get(name);
  const same =
    before === undefined ||
    (before.length === values.length && before.every(({ text }, index) => text === values[index]?.text));
  scope.variables.set(name, scope.conditional === 0 || same ? values : [UNKNOWN]);
  if (scope.variables.size > MAX_NAMES) throw new TooComplex(`more than ${MAX_NAMES} variables`);
}

export const UNKNOWN: Field = field(HOLE);

/** Variables that every machine has, so that a path made with them is a path. */
const USUAL: Readonly<Record<string, string>> = {
  HOME: '~',
  IFS: ' \t\n',
  TMPDIR: '/tmp',
  TMP: '/tmp',
  TEMP: '/tmp',
  PATH: '/usr/bin:/bin',
  SHELL: '/bin/sh',
  BASH: '/bin/bash',
  RANDOM: '0',
  LINENO: '1',
  UID: '1000',
  EUID: '1000',
};

/** The values of a variable or of a special parameter; undefined when it is not set or not known. */
export function valuesOf(scope: Scope, name: string): readonly Field[] | undefined {
  if (/^\d+$/.test(name)) {
    if (scope.positional === undefined) return [UNKNOWN];
    const value = scope.positional[Number(name)];
    return name === '0' && value === undefined ? [field('bash')] : value === undefined ? [] : [value];
  }
  if (name === '@' || name === '*') return scope.positional?.slice(1) ?? [UNKNOWN];
  if (name === 'PWD') return [field(scope.folder)];
  const known = scope.variables.get(name);
  if (known !== undefined) return known;
  const usual = Object.hasOwn(USUAL, name) ? USUAL[name] : undefined;
  return usual === undefined ? undefined : [field(usual)];
}
