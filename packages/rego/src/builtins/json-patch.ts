import type { Meter } from '../evaluate/meter.ts';
import {
  equalValues,
  getKey,
  isArray,
  isObject,
  objectSize,
  RegoObject,
  RegoSet,
  sortedEntries,
  type Value,
} from '../value/value.ts';
import { BuiltinError } from './builtin.ts';
import { type JsonPath, pathOf } from './json-path.ts';

/** Applies a JSON Patch (RFC 6902), one operation after the other; sets take part as arrays of their members. */
export function applyPatch(document: Value, operations: readonly Value[], meter: Meter): Value {
  let patched = document;
  for (const operation of operations) {
    meter.step();
    meter.grow(1);
    patched = applyOne(patched, operation, meter);
  }
  return patched;
}

function attribute(operation: Value, name: string): Value {
  if (!isObject(operation)) throw new BuiltinError('must be an array of JSON-Patch objects');
  const found = getKey(operation, name);
  if (found === undefined) throw new BuiltinError(`missing required attribute '${name}'`);
  return found;
}

function applyOne(document: Value, operation: Value, meter: Meter): Value {
  const path = pathOf(attribute(operation, 'path'));
  const kind = attribute(operation, 'op');
  switch (kind) {
    case 'add':
      return insert(document, path, attribute(operation, 'value'), meter);
    case 'remove':
      return remove(document, path, meter);
    case 'replace':
      return insert(
        path.length === 0 ? null : remove(document, path, meter),
        path,
        attribute(operation, 'value'),
        meter,
      );
    case 'move': {
      const from = pathOf(attribute(operation, 'from'));
      const value = find(document, from);
      return insert(remove(document, from, meter), path, value, meter);
    }
    case 'copy':
      return insert(document, path, find(document, pathOf(attribute(operation, 'from'))), meter);
    case 'test':
      if (equalValues(find(document, path), attribute(operation, 'value'))) return document;
      throw new BuiltinError('the value at the path is not the expected one');
    default:
      throw new BuiltinError('unrecognized op');
  }
}

function missing(): never {
  throw new BuiltinError('path does not exist');
}

/** The index that a step of a path is, in a list of that length; `-` is right behind the last. */
function indexOf(step: Value, length: number, mayAppend: boolean): number {
  if (step === '-' && mayAppend) return length;
  const text = typeof step === 'number' ? String(step) : step;
  if (typeof text !== 'string' || !/^(?:0|[1-9]\d{0,8})$/.test(text)) return missing();
  const index = Number(text);
  return index < length || (mayAppend && index === length) ? index : missing();
}

function child(document: Value, step: Value): Value {
  if (isArray(document)) return document[indexOf(step, document.length, false)] as Value;
  if (document instanceof RegoSet) return document.has(step) ? step : missing();
  const found = isObject(document) ? getKey(document, step) : undefined;
  return found === undefined ? missing() : found;
}

function find(document: Value, path: JsonPath): Value {
  return path.reduce(child, document);
}

/** The document with the child at a step changed by `change`; the rest is shared. */
function descend(document: Value, step: Value, change: (inner: Value) => Value, meter: Meter): Value {
  const inner = change(child(document, step));
  if (isArray(document)) {
    meter.grow(document.length);
    return document.with(indexOf(step, document.length, false), inner);
  }
  if (document instanceof RegoSet) {
    meter.grow(document.size);
    return RegoSet.of([...document.sorted().filter((member) => !equalValues(member, step)), inner]);
  }
  return isObject(document) ? withKey(document, step, inner, meter) : missing();
}

function withKey(document: Value, key: Value, value: Value, meter: Meter): Value {
  if (!isObject(document)) return missing();
  meter.grow(objectSize(document));
  const copy = RegoObject.of(sortedEntries(document));
  copy.set(key, value);
  return copy;
}

function insert(document: Value, path: JsonPath, value: Value, meter: Meter): Value {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (rest.length > 0) return descend(document, step, (inner) => insert(inner, rest, value, meter), meter);
  if (isArray(document)) {
    meter.grow(document.length);
    return document.toSpliced(indexOf(step, document.length, true), 0, value);
  }
  if (document instanceof RegoSet) {
    meter.grow(document.size);
    return equalValues(step, value) ? RegoSet.of([...document.sorted(), value]) : missing();
  }
  return withKey(document, step, value, meter);
}

function remove(document: Value, path: JsonPath, meter: Meter): Value {
  const [step, ...rest] = path;
  if (step === undefined) return missing();
  if (rest.length > 0) return descend(document, step, (inner) => remove(inner, rest, meter), meter);
  child(document, step);
  if (isArray(document)) {
    meter.grow(document.length);
    return document.toSpliced(indexOf(step, document.length, false), 1);
  }
  if (document instanceof RegoSet)
    return RegoSet.of(document.sorted().filter((member) => !equalValues(member, step)));
  return isObject(document)
    ? RegoObject.of(sortedEntries(document).filter(([key]) => !equalValues(key, step)))
    : missing();
}
