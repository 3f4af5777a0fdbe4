import { compareNumbers, Decimal, numberText, type RegoNumber } from './decimal.ts';
import { compareText } from './text.ts';

/** An object as the host gives it: JSON, keys are strings, only own properties count. */
export interface PlainObject {
  readonly [key: string]: Value;
}

/** Any value that Rego knows. Values are never changed once made. */
export type Value =
  | null
  | boolean
  | RegoNumber
  | string
  | readonly Value[]
  | RegoSet
  | RegoObject
  | PlainObject;

export type ObjectValue = RegoObject | PlainObject;

export type TypeName = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object' | 'set';

export function typeName(value: Value): TypeName {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
    case 'bigint':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      if (value === null) return 'null';
      if (Array.isArray(value)) return 'array';
      if (value instanceof RegoSet) return 'set';
      return value instanceof Decimal ? 'number' : 'object';
  }
}

export function isArray(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** True for an object as JSON gives it, which is most of them. */
function isPlain(value: object): value is PlainObject {
  return Object.getPrototypeOf(value) === Object.prototype;
}

export function isObject(value: Value | undefined): value is ObjectValue {
  if (typeof value !== 'object' || value === null) return false;
  if (isPlain(value)) return true;
  return !Array.isArray(value) && !(value instanceof RegoSet) && !(value instanceof Decimal);
}

export function isNumber(value: Value | undefined): value is RegoNumber {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal;
}

/** A set of values. Filled once by its maker, then only read. */
export class RegoSet {
  // Compound members are found by a canonical text, primitive ones by themselves.
  readonly #primitive = new Set<Value>();
  #compound: Map<string, Value> | undefined;
  #sorted: readonly Value[] | undefined;

  static of(values: Iterable<Value>): RegoSet {
    const set = new RegoSet();
    for (const value of values) set.add(value);
    return set;
  }

  add(value: Value): void {
    if (isPrimitive(value)) this.#primitive.add(value);
    else (this.#compound ??= new Map()).set(valueKey(value), value);
    this.#sorted = undefined;
  }

  has(value: Value): boolean {
    if (isPrimitive(value)) return this.#primitive.has(value);
    return this.#compound?.has(valueKey(value)) === true;
  }

  get size(): number {
    return this.#primitive.size + (this.#compound?.size ?? 0);
  }

  /** The members in no order that means something. */
  values(): readonly Value[] {
    return this.#sorted ?? this.#list();
  }

  /** The members in Rego's order of values. */
  sorted(): readonly Value[] {
    this.#sorted ??= inOrder(this.#list(), compareValues);
    return this.#sorted;
  }

  #list(): Value[] {
    const list = [...this.#primitive];
    if (this.#compound !== undefined) for (const member of this.#compound.values()) list.push(member);
    return list;
  }
}

/** An object whose keys may be any value. Filled once by its maker, then only read. */
export class RegoObject {
  readonly #primitive = new Map<Value, Value>();
  #compound: Map<string, readonly [Value, Value]> | undefined;
  #sorted: readonly (readonly [Value, Value])[] | undefined;

  static of(entries: Iterable<readonly [Value, Value]>): RegoObject {
    const object = new RegoObject();
    for (const [key, value] of entries) object.set(key, value);
    return object;
  }

  set(key: Value, value: Value): void {
    if (isPrimitive(key)) this.#primitive.set(key, value);
    else (this.#compound ??= new Map()).set(valueKey(key), [key, value]);
    this.#sorted = undefined;
  }

  get(key: Value): Value | undefined {
    return isPrimitive(key) ? this.#primitive.get(key) : this.#compound?.get(valueKey(key))?.[1];
  }

  get size(): number {
    return this.#primitive.size + (this.#compound?.size ?? 0);
  }

  /** Keys and values in no order that means something. */
  entries(): readonly (readonly [Value, Value])[] {
    return this.#sorted ?? this.#list();
  }

  /** Keys and values, the keys in Rego's order of values. */
  sorted(): readonly (readonly [Value, Value])[] {
    this.#sorted ??= inOrder(this.#list(), (a, b) => compareValues(a[0], b[0]));
    return this.#sorted;
  }

  #list(): (readonly [Value, Value])[] {
    const list: (readonly [Value, Value])[] = [...this.#primitive];
    if (this.#compound !== undefined) for (const entry of this.#compound.values()) list.push(entry);
    return list;
  }
}

/** Sorts a list that more often than not is in order already. */
function inOrder<T>(list: T[], compare: (a: T, b: T) => number): readonly T[] {
  for (let i = 1; i < list.length; i++) {
    if (compare(list[i - 1] as T, list[i] as T) > 0) return list.sort(compare);
  }
  return list;
}

export function getKey(object: ObjectValue, key: Value): Value | undefined {
  if (object instanceof RegoObject) return object.get(key);
  return typeof key === 'string' ? ownProperty(object, key) : undefined;
}

function ownProperty(object: PlainObject, key: string): Value | undefined {
  const value = object[key];
  // SECURITY: only own properties, so that `input.constructor` finds nothing.
  return value !== undefined && Object.hasOwn(object, key) ? value : undefined;
}

/** What an object has under a name, or a set that holds the name; undefined for anything else. */
export function getName(value: Value | undefined, name: string): Value | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (isPlain(value)) return ownProperty(value, name);
  if (value instanceof RegoObject) return value.get(name);
  if (value instanceof RegoSet) return value.has(name) ? name : undefined;
  return isArray(value) || value instanceof Decimal ? undefined : ownProperty(value, name);
}

/** Keys and values in no order that means something. */
export function entriesOf(object: ObjectValue): readonly (readonly [Value, Value])[] {
  return object instanceof RegoObject ? object.entries() : plainEntries(object);
}

/** Keys and values, the keys in Rego's order of values. */
export function sortedEntries(object: ObjectValue): readonly (readonly [Value, Value])[] {
  if (object instanceof RegoObject) return object.sorted();
  return plainEntries(object).sort((a, b) => compareText(a[0], b[0]));
}

function plainEntries(object: PlainObject): [string, Value][] {
  const entries: [string, Value][] = [];
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value !== undefined) entries.push([key, value]);
  }
  return entries;
}

export function objectSize(object: ObjectValue): number {
  return object instanceof RegoObject ? object.size : plainEntries(object).length;
}

/** True for values that a Map finds by themselves; integers beyond 2^53 are bigints, so no two forms are one value. */
export function isPrimitive(value: Value): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  return false;
}

/** A text that two values share exactly when they are equal. */
export function valueKey(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (isNumber(value)) return numberText(value);
  if (isArray(value)) return `[${value.map(valueKey).join(',')}]`;
  if (value instanceof RegoSet) return `<${value.sorted().map(valueKey).join(',')}>`;
  if (isObject(value)) {
    const entries = sortedEntries(value).map(([key, item]) => `${valueKey(key)}:${valueKey(item)}`);
    return `{${entries.join(',')}}`;
  }
  return String(value);
}

const RANK: Readonly<Record<TypeName, number>> = {
  null: 0,
  boolean: 1,
  number: 2,
  string: 3,
  array: 4,
  object: 5,
  set: 6,
};

export function equalValues(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a === 'string' || typeof b === 'string') return false;
  return compareValues(a, b) === 0;
}

/** Rego's total order: null, booleans, numbers, strings, arrays, objects, sets. */
export function compareValues(a: Value, b: Value): number {
  if (a === b) return 0;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  const rank = RANK[typeName(a)] - RANK[typeName(b)];
  if (rank !== 0) return rank;
  if (isArray(a) && isArray(b)) return compareLists(a, b);
  if (a instanceof RegoSet && b instanceof RegoSet) return compareLists(a.sorted(), b.sorted());
  if (isObject(a) && isObject(b)) return compareEntries(sortedEntries(a), sortedEntries(b));
  return a === false ? -1 : a === true ? 1 : 0;
}

function compareLists(a: readonly Value[], b: readonly Value[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const order = compareValues(a[i] as Value, b[i] as Value);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

type Entries = readonly (readonly [Value, Value])[];

function compareEntries(a: Entries, b: Entries): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [leftKey, left] = a[i] as readonly [Value, Value];
    const [rightKey, right] = b[i] as readonly [Value, Value];
    const order = compareValues(leftKey, rightKey) || compareValues(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Every value is true but `false`; undefined is not a value. */
export function isTrue(value: Value | undefined): boolean {
  return value !== undefined && value !== false;
}

/** How many members a collection has; undefined for a value that is none. */
export function sizeOf(value: Value): number | undefined {
  if (isArray(value)) return value.length;
  if (value instanceof RegoSet) return value.size;
  return isObject(value) ? objectSize(value) : undefined;
}

/** A document that rules fill piece by piece; its object values are whole and are not filled further. */
export class PartialObject extends RegoObject {}

/** A set that rules fill member by member. */
export class PartialSet extends RegoSet {}
