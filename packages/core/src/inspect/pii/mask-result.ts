import { isExactNumber, parseExact } from '../../json/exact.ts';
import { JSON_LIMITS } from '../../json/problem.ts';
import { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from '../../model/json.ts';
import { MASK_KINDS } from '../../policy/rule.ts';
import { isBinaryContent } from '../binary-content.ts';
import { pairName } from '../content/pair-name.ts';
import { findNamedSecrets } from '../secret/find-named-secrets.ts';
import { type KnownValues, NO_KNOWN_VALUES } from '../secret/known-values.ts';
import { KNOWN_SECRET, secretId } from '../secret/secret-finding.ts';
import type { Span } from '../text/span.ts';
import { findWanted } from './find-personal-data.ts';
import { type Masks, type ReadMasks, readMasks } from './masks.ts';

/** A result that may be released. */
export interface MaskedResult {
  /** The very object that was given when nothing in it had to be masked. */
  readonly result: JsonObject;
  /** How many places were masked. */
  readonly masked: number;
  /** The same by kind, without zeros. `too-deep` counts values that were withheld unread. */
  readonly counts: readonly { readonly kind: string; readonly count: number }[];
  /** The ids of the findings that credentials which were masked are. */
  readonly secretIds: readonly string[];
}

/**
 * Writes `[masked:kind]` over all personal data and credentials of these kinds (`MASK_KINDS`) and over what these
 * patterns match in a result, `[redacted]` where they are redacted, and `[secret]` over every known value: in every string and every key, however named and nested, also inside a text
 * that is itself a JSON object or array, which stays one (with its indentation, and numbers as they were). A
 * credential that documentation uses as an example stays.
 *
 * A number that is a card number, or whose key says that it is a telephone or social security number,
 * becomes a string: a declared output schema may not hold then, which is better than a release. Of two keys
 * that become equal the later one gets a suffix (`#2`).
 *
 * Not searched: the base64 of binary content (`data` of images and audio, `blob` of resources), but for known
 * values. Values more than 64 levels deep are withheld unread.
 */
export function maskResult(
  result: JsonObject,
  masks: Masks,
  known: KnownValues = NO_KNOWN_VALUES,
): MaskedResult {
  const read = readMasks(masks);
  const masking: Masking = {
    ...read,
    secrets: read.kinds.has('secret'),
    known,
    counts: new Map(),
    secretIds: new Set(),
  };
  const searched =
    !known.empty || read.patterns.length > 0 || MASK_KINDS.some((kind) => read.kinds.has(kind));
  const clean = searched ? maskObject(result, '', 1, masking) : result;
  const counts = [...masking.counts].map(([kind, count]) => ({ kind, count }));
  return {
    result: clean,
    masked: counts.reduce((sum, { count }) => sum + count, 0),
    counts,
    secretIds: [...masking.secretIds],
  };
}

interface Masking extends ReadMasks {
  readonly secrets: boolean;
  readonly known: KnownValues;
  readonly counts: Map<string, number>;
  readonly secretIds: Set<string>;
}

function replacement(kind: string, { counts, redacted }: Masking): string {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (kind === KNOWN) return MARK;
  return redacted.has(kind) ? '[redacted]' : `[masked:${kind}]`;
}

/** What a known value counts as, and what stands in its place. */
const KNOWN = 'known';
const MARK = '[secret]';

function maskValue(value: JsonValue, label: string, depth: number, masking: Masking): JsonValue {
  if (typeof value === 'string') return maskText(value, label, depth, masking);
  if (typeof value === 'number' || isExactNumber(value)) return maskNumber(value, label, masking);
  if (typeof value !== 'object' || value === null) return value;
  // SECURITY: what is too deep to be searched is not released.
  if (depth > JSON_LIMITS.maxDepth) return replacement('too-deep', masking);
  return isJsonObject(value)
    ? maskObject(value, label, depth, masking)
    : maskArray(value, label, depth, masking);
}

function maskArray(array: JsonArray, label: string, depth: number, masking: Masking): JsonArray {
  let copy: JsonValue[] | undefined;
  for (let i = 0; i < array.length; i++) {
    const member = array[i] as JsonValue;
    const clean = maskValue(member, label, depth + 1, masking);
    if (clean !== member) {
      copy ??= [...array];
      copy[i] = clean;
    }
  }
  return copy ?? array;
}

function maskObject(object: JsonObject, label: string, depth: number, masking: Masking): JsonObject {
  let keys: Map<string, string> | undefined;
  let values: Map<string, JsonValue> | undefined;
  for (const key of Object.keys(object)) {
    const name = maskText(key, '', JSON_LIMITS.maxDepth, masking);
    if (name !== key) (keys ??= new Map()).set(key, name);
    const member = object[key] as JsonValue;
    if (isBinaryContent(object, key, member)) {
      const bytes = member as string;
      if (masking.known.empty || masking.known.find(bytes).length === 0) continue;
      (values ??= new Map()).set(key, written(bytes, knownIn(bytes, masking), masking));
      continue;
    }
    const called = pairName(object, key) ?? (SAYS_NOTHING.test(key) ? label : key);
    const clean = maskValue(member, called, depth + 1, masking);
    if (clean !== member) (values ??= new Map()).set(key, clean);
  }
  if (keys === undefined && values === undefined) return object;
  const nameOf = keys === undefined ? (key: string) => key : uniqueNames(Object.keys(object), keys);
  const entries = Object.keys(object).map((key) => [nameOf(key), values?.get(key) ?? object[key]]);
  return Object.fromEntries(entries) as JsonObject;
}

// SCIM, vCard and the like: `phoneNumbers: [{ value, type }]`.
const SAYS_NOTHING = /^(?:value|number|raw|formatted|text)$/i;

/**
 * The names of an object's keys after masking: a key that was not masked keeps its name, and no two names
 * are equal.
 */
function uniqueNames(keys: readonly string[], masked: ReadonlyMap<string, string>): (key: string) => string {
  const taken = new Set(keys.filter((key) => !masked.has(key)));
  const names = new Map<string, string>();
  const last = new Map<string, number>();
  for (const [key, name] of masked) {
    let unique = name;
    let count = last.get(name) ?? 1;
    while (taken.has(unique)) unique = `${name}#${++count}`;
    last.set(name, count);
    taken.add(unique);
    names.set(key, unique);
  }
  return (key) => names.get(key) ?? key;
}

function maskNumber(value: JsonValue, label: string, masking: Masking): JsonValue {
  const digits = JSON.stringify(value);
  if (!INTEGER.test(digits)) return value;
  const [found] = personalIn(digits, label, masking);
  if (found === undefined || found.end - found.start < digits.length) return value;
  return replacement(found.kind, masking);
}

const INTEGER = /^[1-9]\d{0,20}$/;

function maskText(text: string, label: string, depth: number, masking: Masking): string {
  // Known values are found in the text of JSON as well as in its values.
  if (
    (masking.kinds.size > 0 || masking.patterns.length > 0) &&
    depth < JSON_LIMITS.maxDepth &&
    LIKE_JSON.test(text)
  ) {
    const parsed = parseExact(text, { maxDepth: JSON_LIMITS.maxDepth - depth });
    if (parsed.ok) {
      const clean = maskValue(parsed.value, label, depth + 1, masking);
      if (clean !== parsed.value) return JSON.stringify(clean, undefined, INDENTATION.exec(text)?.[1]);
      // SECURITY: of two equal keys the first one is in the text and not in what was read of it.
      return written(text, knownIn(text, masking), masking);
    }
  }
  return written(text, foundIn(text, label, masking), masking);
}

interface Masked extends Span {
  readonly kind: string;
}

/** What is to be masked in a text, in order and without overlaps: known values, then credentials, then personal data. */
function foundIn(text: string, label: string, masking: Masking): readonly Masked[] {
  const personal = personalIn(text, label, masking);
  if (!masking.secrets && masking.known.empty) return personal;
  const secrets = [...knownIn(text, masking), ...secretsIn(text, label, masking)];
  if (secrets.length === 0) return personal;
  return merged([...secrets, ...personal]);
}

/** Personal data of the wanted kinds, and what the patterns match. */
function personalIn(text: string, label: string, { kinds, patterns }: Masking): readonly Masked[] {
  const found: readonly Masked[] = kinds.size === 0 ? [] : findWanted(text, kinds, label);
  if (patterns.length === 0) return found;
  const matched = patterns.flatMap(({ name, find }) =>
    find(text).map(({ start, end }): Masked => ({ kind: name, start, end })),
  );
  return matched.length === 0 ? found : merged([...found, ...matched]);
}

/** In order and without overlaps: what overlaps becomes one. */
function merged(found: readonly Masked[]): readonly Masked[] {
  const settled: Masked[] = [];
  for (const next of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = settled.at(-1);
    if (last === undefined || next.start >= last.end) settled.push(next);
    else if (next.end > last.end) settled[settled.length - 1] = { ...last, end: next.end };
  }
  return settled;
}

function knownIn(text: string, { known, secretIds }: Masking): readonly Masked[] {
  if (known.empty) return [];
  const spans = known.find(text);
  // Whoever read the answer from its server has taken out that server's own credentials already.
  if (spans.length > 0 || text.includes(MARK)) secretIds.add(KNOWN_SECRET);
  return spans.map(({ start, end }) => ({ start, end, kind: KNOWN }));
}

function secretsIn(text: string, label: string, { secrets, secretIds }: Masking): readonly Masked[] {
  if (!secrets) return [];
  return findNamedSecrets(text, label).flatMap(({ kind, start, end, certainty, example }) => {
    // `"seed": "u8K2x9Zq1"` and `"key": "aB3xQ9zL1k"` are most often no secrets, and an answer without them is spoilt.
    if (example || certainty === 'likely') return [];
    secretIds.add(secretId(kind));
    return [{ kind: 'secret', start, end }];
  });
}

function written(text: string, found: readonly Masked[], masking: Masking): string {
  if (found.length === 0) return text;
  let clean = '';
  let from = 0;
  for (const { kind, start, end } of found) {
    clean += text.slice(from, start) + replacement(kind, masking);
    from = end;
  }
  return clean + text.slice(from);
}

const LIKE_JSON = /^\s*[{[]/;
const INDENTATION = /^\s*[{[]\r?\n([ \t]{1,10})/;
