import type { Field } from './field.ts';
import { TooComplex } from './limits.ts';

/** The arguments of a program, told apart the way getopt does. */
export interface Options {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly Field[]>;
  readonly operands: readonly Field[];
}

/** How the arguments of a program are to be read. */
export interface OptionStyle {
  /** Options that take the next argument when theirs is not attached, separated by spaces: `o output`. */
  readonly valued?: string;
  /** Stop at the first operand: everything from there on belongs to another command. */
  readonly untilOperand?: boolean;
}

const split = new Map<string, ReadonlySet<string>>();

function namesOf(list: string): ReadonlySet<string> {
  let names = split.get(list);
  if (names === undefined) {
    names = new Set(list.split(' '));
    split.set(list, names);
  }
  return names;
}

/** Reads options: `-rf`, `-o file`, `-ofile`, `--output file`, `--output=file`, `--`. */
export function readOptions(args: readonly Field[], style: OptionStyle = {}): Options {
  const valued = namesOf(style.valued ?? '');
  const flags = new Set<string>();
  const values = new Map<string, Field[]>();
  const operands: Field[] = [];
  const take = (name: string, value: Field): void => {
    values.set(name, [...(values.get(name) ?? []), value]);
  };
  for (let index = 0; index < args.length; index++) {
    const arg = args[index];
    if (arg === undefined) break;
    const { text } = arg;
    const next = args[index + 1];
    if (text === '--') {
      operands.push(...args.slice(index + 1));
      break;
    }
    if (text.startsWith('--')) {
      const equals = text.indexOf('=');
      const name = text.slice(2, equals === -1 ? undefined : equals);
      flags.add(name);
      if (equals !== -1) take(name, { ...arg, text: text.slice(equals + 1) });
      else if (valued.has(name) && next !== undefined) {
        take(name, next);
        index++;
      }
    } else if (text.length > 1 && text.startsWith('-')) {
      for (let at = 1; at < text.length; at++) {
        const name = text[at] ?? '';
        flags.add(name);
        if (!valued.has(name)) continue;
        if (at + 1 < text.length) take(name, { ...arg, text: text.slice(at + 1) });
        else if (next !== undefined) {
          take(name, next);
          index++;
        }
        break;
      }
    } else if (style.untilOperand === true) {
      operands.push(...args.slice(index));
      break;
    } else {
      operands.push(arg);
    }
  }
  return { flags, values, operands };
}

/** Whether one of the options is given; long ones may be shortened, as getopt allows. */
export function has({ flags }: Options, ...names: readonly string[]): boolean {
  return names.some(
    (name) =>
      flags.has(name) ||
      (name.length > 3 && [...flags].some((flag) => flag.length >= 2 && name.startsWith(flag))),
  );
}

export function valuesFor({ values }: Options, ...names: readonly string[]): readonly Field[] {
  return names.flatMap((name) => values.get(name) ?? []);
}

/** Longest line that is matched as a whole. */
const MAX_LINE = 4096;

/** The arguments joined by single spaces, to be matched as a whole. Throws `TooComplex` over the limit. */
export function lineOf(args: readonly { readonly text: string }[]): string {
  const line = args.map(({ text }) => text).join(' ');
  if (line.length > MAX_LINE) throw new TooComplex(`a call with more than ${MAX_LINE} characters`);
  return line;
}
