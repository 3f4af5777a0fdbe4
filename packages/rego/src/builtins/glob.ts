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
const MEMORY_OF_DELIMITERS = 16;
/** By delimiters, then by source. */
const remembered = new Map<string, Map<string, Glob>>();

function globOf(source: string, delimiters: readonly string[]): Glob {
  const delimited = delimiters.join('');
  let globs = remembered.get(delimited);
  if (globs === undefined) {
    globs = new Map();
    makeRoom(remembered, MEMORY_OF_DELIMITERS);
    remembered.set(delimited, globs);
  }
  const known = globs.get(source);
  if (known !== undefined) return known;
  const made = compileGlob(source, delimiters);
  makeRoom(globs, MEMORY);
  globs.set(source, made);
  return made;
}

/** Forgets the oldest entry of a map that is full. */
function makeRoom(map: Map<string, unknown>, most: number): void {
  if (map.size >= most) map.delete(map.keys().next().value ?? '');
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
