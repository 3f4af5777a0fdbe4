import { AGGREGATE } from './aggregate.ts';
import { ARITHMETIC } from './arithmetic.ts';
import { BITS } from './bits.ts';
import type { Builtin } from './builtin.ts';
import { COLLECTIONS } from './collections.ts';
import { COMPARISON } from './comparison.ts';
import { CRYPTO } from './crypto.ts';
import { ENCODING } from './encoding.ts';
import { GLOB } from './glob.ts';
import { GRAPH } from './graph.ts';
import { JSON_BUILTINS } from './json.ts';
import { NET } from './net.ts';
import { OBJECTS } from './objects.ts';
import { PRINT } from './print.ts';
import { QUERY_TEXT } from './query-text.ts';
import { REGEX } from './regex.ts';
import { SEMVER } from './semver.ts';
import { STRINGS } from './strings.ts';
import { TIME } from './time.ts';
import { TOKENS } from './tokens.ts';
import { TYPES } from './types.ts';
import { UNITS } from './units.ts';
import { URI } from './uri.ts';
import { UUID } from './uuid.ts';

export const ALL_BUILTINS: readonly Builtin[] = [
  ...COMPARISON,
  ...ARITHMETIC,
  ...BITS,
  ...AGGREGATE,
  ...STRINGS,
  ...REGEX,
  ...GLOB,
  ...TYPES,
  ...COLLECTIONS,
  ...OBJECTS,
  ...JSON_BUILTINS,
  ...ENCODING,
  ...QUERY_TEXT,
  ...CRYPTO,
  ...TOKENS,
  ...TIME,
  ...NET,
  ...URI,
  ...UUID,
  ...UNITS,
  ...SEMVER,
  ...GRAPH,
  PRINT,
];

/** The names of the built-ins that policies may call, operators among them. */
export const BUILTIN_NAMES: readonly string[] = ALL_BUILTINS.map((builtin) => builtin.name).sort();
