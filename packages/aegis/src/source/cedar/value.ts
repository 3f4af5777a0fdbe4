import type { CedarValueJson } from '@cedar-policy/cedar-wasm/nodejs';
import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';

/** A type of a schema whose names are resolved. */
export interface CedarType {
  readonly type: string;
  readonly element?: CedarType;
  readonly attributes?: Readonly<Record<string, CedarType & { readonly required?: boolean }>>;
}

/** A value that Cedar has no word for; `message` holds nothing of it. */
export class Unspeakable extends Error {}

/** SECURITY: in Cedar's JSON an object with one of these keys is an entity or a function call, not a record. */
const RESERVED = ['__entity', '__extn', '__expr'];

/** A decimal of Cedar: four digits at most, exact. */
const DECIMAL = /^-?\d{1,14}(?:\.\d{1,4})?$/;

/**
 * A value as Cedar has it: whole numbers are `Long`, others `decimal` where four digits are enough and text where they
 * are not; null is not there. `type` is what a schema says of it: what it does not know is not shown.
 */
export function cedarValue(value: JsonValue, type?: CedarType): CedarValueJson | undefined {
  if (value === null) return undefined;
  switch (typeof value) {
    case 'number':
      return cedarNumber(value, type);
    case 'object':
      return isJsonObject(value) ? cedarRecord(value, type?.attributes) : cedarSet(value, type?.element);
    default:
      return value;
  }
}

function cedarNumber(value: number, type: CedarType | undefined): CedarValueJson {
  if (Number.isSafeInteger(value) && type?.type !== 'decimal') return value;
  const text = String(value);
  if (!DECIMAL.test(text)) return text;
  return { __extn: { fn: 'decimal', arg: text.includes('.') ? text : `${text}.0` } };
}

function cedarSet(items: readonly JsonValue[], element: CedarType | undefined): CedarValueJson {
  return items.map((item) => {
    const one = cedarValue(item, element);
    if (one === undefined) throw new Unspeakable('a list among the arguments has a null in it');
    return one;
  });
}

export function cedarRecord(
  record: JsonObject,
  attributes: CedarType['attributes'],
): { [key: string]: CedarValueJson } {
  if (RESERVED.some((key) => Object.hasOwn(record, key))) {
    throw new Unspeakable('an argument has a key that Cedar reserves');
  }
  const entries = Object.entries(record).flatMap(([key, value]): [string, CedarValueJson][] => {
    if (attributes !== undefined && !Object.hasOwn(attributes, key)) return [];
    const one = cedarValue(value, attributes?.[key]);
    return one === undefined ? [] : [[key, one]];
  });
  // Without a prototype: a key `__proto__` is a key like any other.
  return Object.assign(Object.create(null) as object, Object.fromEntries(entries));
}
