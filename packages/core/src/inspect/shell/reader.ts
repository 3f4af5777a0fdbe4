import type { ShellEffects } from './effects.ts';
import type { Field, Stream } from './field.ts';
import type { Scope } from './scope.ts';
import type { Script, ShellParser } from './tree.ts';

/** One reading of one text: what the parts of it share, and the way from each part into the others. */
export interface Reader {
  readonly effects: ShellEffects;
  readonly parse: ShellParser;
  /** Functions that are being called, and those that ever were. */
  readonly calls: { readonly open: Set<object>; readonly made: Set<object> };
  /** Commands that are being judged: more than one where a command starts another. */
  running: number;
  /** Counts things that were looked at, one unless said. Throws `TooComplex` at the limit. */
  step(count?: number): void;
  /** Counts the depth while `read` runs. Throws `TooComplex` at the limit. */
  nested<T>(read: () => T): T;
  /** Reads a script that stands in the tree, as what runs in this scope. */
  script(script: Script, scope: Scope, stdin: Stream | undefined): Stream;
  /** Reads a text that is given to a shell as code. */
  code(text: string, scope: Scope, stdin: Stream | undefined): Stream;
  /** Reads a command whose words are expanded. */
  command(fields: readonly Field[], scope: Scope, stdin: Stream | undefined): Stream;
}

/** A program that is called, as its judge sees it. */
export interface Invocation {
  /** The last segment of the command word. */
  readonly name: string;
  readonly args: readonly Field[];
  /** What it reads; undefined when that is not said. */
  readonly stdin: Stream | undefined;
  readonly scope: Scope;
  readonly reader: Reader;
}

/** Establishes what a call does, and gives what it writes. */
export type Judge = (call: Invocation) => Stream;
