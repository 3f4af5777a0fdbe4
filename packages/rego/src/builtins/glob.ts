import { codePoints } from '../value/text.ts';
import type { Value } from '../value/value.ts';
import {
  array,
  boolean,
  type Builtin,
  BuiltinError,
  builtin,
  nothing,
  oneOf,
  OperandError,
  string,
} from './builtin.ts';
import { compileGlob, type Glob, GlobSyntaxError } from './glob-pattern.ts';

const MEMORY = 256;
const remembered = new Map<string, Glob>();

function globOf(source: string, delimiters: readonly string[]): Glob {
  const key = `${delimiters.join('')}\0${source}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const made = compileGlob(source, delimiters);
  if (remembered.size >= MEMORY) remembered.delete(remembered.keys().next().value ?? '');
  remembered.set(key, made);
  return made;
}

/** Null means no delimiters, an empty list the dot. */
function delimitersOf(given: readonly Value[] | null): readonly string[] {
  if (given === null) return [];
  if (given.length === 0) return ['.'];
  return given.map((item) => {
    if (typeof item !== 'string' || codePoints(item).length !== 1) {
      throw new OperandError('operand 2 must be an array of single characters');
    }
    return item;
  });
}

export const GLOB: readonly Builtin[] = [
  {
    ...builtin(
      'glob.match',
      [string, oneOf(nothing, array), string],
      boolean,
      (source, given, text, { meter }) => {
        meter.work(1 + ((source.length * text.length) >> 6));
        try {
          return globOf(source, delimitersOf(given))(text);
        } catch (error) {
          if (error instanceof GlobSyntaxError) throw new BuiltinError(error.message);
          throw error;
        }
      },
    ),
    refuse: ([source]) => {
      if (typeof source !== 'string') return undefined;
      try {
        compileGlob(source, []);
        return undefined;
      } catch (error) {
        if (error instanceof GlobSyntaxError) return error.message;
        throw error;
      }
    },
  },
  builtin('glob.quote_meta', [string], string, (text) => text.replace(/[*?\\[\]{}]/g, '\\$&')),
];
