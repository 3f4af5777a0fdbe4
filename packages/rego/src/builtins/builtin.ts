import type { Position } from '../diagnostic.ts';
import type { RegoNumber } from '../value/decimal.ts';
import { type ObjectValue, type RegoSet, type TypeName, typeName, type Value } from '../value/value.ts';
import type { Meter } from '../evaluate/meter.ts';

/** A set of types, one bit each. */
export type TypeMask = number;

export const TYPE_BITS: Readonly<Record<TypeName, TypeMask>> = {
  null: 1,
  boolean: 2,
  number: 4,
  string: 8,
  array: 16,
  object: 32,
  set: 64,
};

export const ANY_TYPE: TypeMask = 127;

/** The bit of a value's type. */
export function typeBit(value: Value): TypeMask {
  switch (typeof value) {
    case 'string':
      return 8;
    case 'number':
      return 4;
    case 'boolean':
      return 2;
    default:
      return Array.isArray(value) ? 16 : TYPE_BITS[typeName(value)];
  }
}

/** The types of a mask in words: `array or set`. */
export function maskText(mask: TypeMask): string {
  if (mask === ANY_TYPE) return 'any';
  const names = Object.entries(TYPE_BITS).filter(([, bit]) => (mask & bit) !== 0);
  return names.map(([name]) => name).join(' or ');
}

/** What a built-in may use besides its arguments. */
export interface BuiltinScope {
  /** Nanoseconds since 1970 as the host gave them; undefined when it gave none. */
  readonly nowNs: bigint | undefined;
  readonly meter: Meter;
  readonly hashes: HashFunctions;
  print(text: string, at: Position): void;
}

/** Hash functions are the host's, as the engine brings no cryptography: bytes in, digest bytes out. */
export interface HashFunctions {
  readonly sha256?: (bytes: Uint8Array) => Uint8Array;
  readonly sha1?: (bytes: Uint8Array) => Uint8Array;
  readonly md5?: (bytes: Uint8Array) => Uint8Array;
  readonly hmacMd5?: (key: Uint8Array, bytes: Uint8Array) => Uint8Array;
  readonly hmacSha1?: (key: Uint8Array, bytes: Uint8Array) => Uint8Array;
  readonly hmacSha256?: (key: Uint8Array, bytes: Uint8Array) => Uint8Array;
  readonly hmacSha384?: (key: Uint8Array, bytes: Uint8Array) => Uint8Array;
  readonly hmacSha512?: (key: Uint8Array, bytes: Uint8Array) => Uint8Array;
}

/** Tells why arguments can never work; those that are no literals are undefined. */
export type Refusal = (args: readonly (Value | undefined)[]) => string | undefined;

export interface Builtin {
  readonly name: string;
  readonly args: readonly TypeMask[];
  readonly result: TypeMask;
  /** Arguments have the declared types. Undefined is Rego's undefined; a fault is a BuiltinError. */
  readonly run: (args: readonly Value[], scope: BuiltinScope) => Value | undefined;
  /** Why arguments that are literals can never work, undefined for others; known at load. */
  readonly refuse?: Refusal;
  /** The result is an array of results, each of which is one. */
  readonly isRelation?: true;
  /** Takes any number of arguments, none of which is a result; undefined arguments are allowed. */
  readonly variadic?: true;
  /** The hash function without which the built-in is refused at load. */
  readonly needs?: keyof HashFunctions;
}

/** A built-in that cannot answer: OPA's evaluation makes it undefined, strict evaluation an error. */
export class BuiltinError extends Error {}

/** An argument of a type or range that the built-in does not take. */
export class OperandError extends BuiltinError {}

/** A type of argument, for the checker a mask and for the compiler `T`. */
export interface ArgType<T extends Value> {
  readonly mask: TypeMask;
  /** Never set; carries the type only. */
  readonly type?: T;
}

export const any: ArgType<Value> = { mask: ANY_TYPE };
export const boolean: ArgType<boolean> = { mask: TYPE_BITS.boolean };
export const number: ArgType<RegoNumber> = { mask: TYPE_BITS.number };
export const string: ArgType<string> = { mask: TYPE_BITS.string };
export const array: ArgType<readonly Value[]> = { mask: TYPE_BITS.array };
export const object: ArgType<ObjectValue> = { mask: TYPE_BITS.object };
export const set: ArgType<RegoSet> = { mask: TYPE_BITS.set };
export const nothing: ArgType<null> = { mask: TYPE_BITS.null };

export function oneOf<A extends Value, B extends Value>(a: ArgType<A>, b: ArgType<B>): ArgType<A | B> {
  return { mask: a.mask | b.mask };
}

type Arguments<T extends readonly ArgType<Value>[]> = {
  readonly [K in keyof T]: T[K] extends ArgType<infer V> ? V : never;
};

/** Declares a built-in whose arguments arrive typed, with the scope after them. */
export function builtin<const T extends readonly ArgType<Value>[]>(
  name: string,
  args: T,
  result: ArgType<Value>,
  body: (...args: [...Arguments<T>, BuiltinScope]) => Value | undefined,
  needs?: keyof HashFunctions,
): Builtin {
  const untyped = body as unknown as (...args: readonly unknown[]) => Value | undefined;
  const run: Builtin['run'] =
    args.length === 0
      ? (_given, scope) => untyped(scope)
      : args.length === 1
        ? (given, scope) => untyped(given[0], scope)
        : args.length === 2
          ? (given, scope) => untyped(given[0], given[1], scope)
          : (given, scope) => untyped(...given, scope);
  const masks = args.map((arg) => arg.mask);
  return { name, args: masks, result: result.mask, run, ...(needs === undefined ? {} : { needs }) };
}
