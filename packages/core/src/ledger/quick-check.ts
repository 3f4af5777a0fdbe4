import type * as z from 'zod';
import { isPlainArray, sortedKeys } from './key-order.ts';
import { IDENTIFIER, isIdentifier } from './identifier.ts';
import { isSha256Hex, SHA256_HEX } from './sha256-hex.ts';

/** Whether a value is surely as a schema describes it; `false` says nothing. */
export type QuickCheck = (value: unknown) => boolean;

/** What is looked at of a schema: as much as there is of every kind of it. */
interface Definition {
  readonly type: string;
  readonly checks?: readonly { readonly _zod: { readonly def: CheckDefinition } }[];
  /** Of a check that is a schema at the same time, as that of whole numbers is. */
  readonly check?: string;
  readonly format?: string;
  readonly pattern?: RegExp;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly catchall?: z.ZodType;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly entries?: Readonly<Record<string, string>>;
}

type CheckDefinition = Omit<Definition, 'type'> & {
  readonly value?: unknown;
  readonly inclusive?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
};

/**
 * Which values are meant: `canonical` ones are those that `JSON.stringify` prints in their canonical form, with keys in
 * order all the way down, lone surrogates aside.
 */
export type Order = 'any' | 'canonical';

/**
 * Compiles a schema into a function that only says yes. Judging a payload with it takes a fraction of the time that
 * parsing it does, since it copies nothing. Whatever it does not understand of a schema it never says yes to.
 */
export function quickCheck(schema: z.ZodType, order: Order): QuickCheck {
  const definition = schema._zod.def as unknown as Definition;
  const checks = checksOf(definition);
  if (checks === undefined) return never;
  const kind = kindOf(definition, order);
  const [first, ...rest] = checks;
  if (first === undefined) return kind;
  if (rest.length === 0) return (value) => kind(value) && first(value);
  return (value) => kind(value) && checks.every((check) => check(value));
}

const never: QuickCheck = () => false;

function kindOf(definition: Definition, order: Order): QuickCheck {
  switch (definition.type) {
    case 'string':
      return (value) => typeof value === 'string';
    case 'number':
      return Number.isFinite;
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'enum':
      return member(Object.values(definition.entries ?? {}));
    case 'optional':
      return definition.innerType === undefined ? never : quickCheck(definition.innerType, order);
    case 'array':
      return items(definition.element, order);
    case 'object':
      return members(definition, order);
    default:
      return never;
  }
}

function member(values: readonly string[]): QuickCheck {
  const known: ReadonlySet<unknown> = new Set(values);
  return (value) => known.has(value);
}

function items(element: z.ZodType | undefined, order: Order): QuickCheck {
  if (element === undefined) return never;
  const check = quickCheck(element, order);
  const isCanonical = order === 'canonical';
  return (value) => {
    if (!Array.isArray(value) || (isCanonical && !isPlainArray(value))) return false;
    for (let i = 0; i < value.length; i++) if (!check(value[i])) return false;
    return true;
  };
}

interface Field {
  readonly name: string;
  readonly check: QuickCheck;
  readonly isOptional: boolean;
}

function members({ shape = {}, catchall }: Definition, order: Order): QuickCheck {
  if (catchall?._zod.def.type !== 'never') return never;
  const fields = Object.entries(shape).map(([name, schema]): Field => {
    return { name, check: quickCheck(schema, order), isOptional: schema._zod.def.type === 'optional' };
  });
  return order === 'canonical' ? membersInOrder(fields) : membersInAnyOrder(fields);
}

function membersInAnyOrder(fields: readonly Field[]): QuickCheck {
  return (value) => {
    if (!isRecord(value)) return false;
    let found = 0;
    for (let i = 0; i < fields.length; i++) {
      const { name, check, isOptional } = fields[i] as Field;
      const member = value[name];
      if (member === undefined) {
        if (!isOptional) return false;
      } else {
        if (!check(member)) return false;
        found += 1;
      }
    }
    return found === Object.keys(value).length;
  };
}

/** One walk over the members of a value, and beside it one over the fields in the order that both must have. */
function membersInOrder(fields: readonly Field[]): QuickCheck {
  const names = sortedKeys(Object.fromEntries(fields.map(({ name }) => [name, null])));
  const sorted = names.map((name) => fields.find((field) => field.name === name) as Field);
  /** After how many fields all that have to be there have come. */
  const required = sorted.findLastIndex(({ isOptional }) => !isOptional) + 1;
  return (value) => {
    if (!isRecord(value)) return false;
    let at = 0;
    for (const key in value) {
      let field = sorted[at];
      while (field !== undefined && field.name !== key) {
        if (!field.isOptional) return false;
        field = sorted[++at];
      }
      if (field === undefined || !field.check(value[key])) return false;
      at += 1;
    }
    return at >= required;
  };
}

/** Of any other object, members may be there that are not its own. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** A test that says the same as a pattern. Those of every event are made of comparisons, which take half as long. */
function sameTest(pattern: RegExp): QuickCheck {
  const test = pattern === IDENTIFIER ? isIdentifier : pattern === SHA256_HEX ? isSha256Hex : undefined;
  return test === undefined ? (value) => pattern.test(value as string) : (value) => test(value as string);
}

/** Undefined when one of them is of an unknown kind. */
function checksOf({ checks = [], check, format }: Definition): readonly QuickCheck[] | undefined {
  const own = check === undefined ? [] : [quickTest({ check, ...(format === undefined ? {} : { format }) })];
  const all = [...own, ...checks.map(({ _zod }) => quickTest(_zod.def))];
  return all.includes(undefined) ? undefined : (all as QuickCheck[]);
}

function quickTest(definition: CheckDefinition): QuickCheck | undefined {
  const { check, format, pattern, value: bound, inclusive, minimum, maximum } = definition;
  switch (check) {
    case 'string_format':
      if (format !== 'regex' || pattern === undefined || pattern.global || pattern.sticky) return undefined;
      return sameTest(pattern);
    case 'number_format':
      return format === 'safeint' ? Number.isSafeInteger : undefined;
    case 'greater_than':
      if (typeof bound !== 'number' || inclusive !== true) return undefined;
      return (value) => (value as number) >= bound;
    case 'less_than':
      if (typeof bound !== 'number' || inclusive !== true) return undefined;
      return (value) => (value as number) <= bound;
    case 'min_length':
      return minimum === undefined ? undefined : (value) => (value as string).length >= minimum;
    case 'max_length':
      return maximum === undefined ? undefined : (value) => (value as string).length <= maximum;
    default:
      return undefined;
  }
}
