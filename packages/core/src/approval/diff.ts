import { canonicalJson } from '../ledger/canonical.ts';
import { pointerToken } from '../ledger/json-pointer.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';

/** One place at which two sets of arguments differ. */
export interface ArgumentChange {
  /** RFC 6901 pointer. */
  readonly at: string;
  /** Undefined where there was nothing. */
  readonly before: JsonValue | undefined;
  /** Undefined where there is nothing any more. */
  readonly after: JsonValue | undefined;
}

/** What a person changed in the arguments of a call, in the order of the places. Lists are taken as a whole. */
export function argumentDiff(before: JsonObject, after: JsonObject): readonly ArgumentChange[] {
  return [...changes('', before, after)];
}

function* changes(at: string, before: JsonObject, after: JsonObject): Generator<ArgumentChange> {
  for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()) {
    const [was, is] = [own(before, key), own(after, key)];
    const place = `${at}/${pointerToken(key)}`;
    if (isJsonObject(was) && isJsonObject(is)) yield* changes(place, was, is);
    else if (!same(was, is)) yield { at: place, before: was, after: is };
  }
}

function own(of: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(of, key) ? of[key] : undefined;
}

function same(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return canonicalJson(one) === canonicalJson(other);
}

/** The changes as they are sealed: what was not there, and what is not there any more, is left out. */
export function diffJson(diff: readonly ArgumentChange[]): readonly JsonObject[] {
  return diff.map(({ at, before, after }) => ({
    at,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  }));
}
