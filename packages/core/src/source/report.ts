import type { Diagnostic } from '../diagnostic.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import type { SourceDocument } from './document.ts';
import { didYouMean } from './suggest.ts';

export type SourcePath = readonly (string | number)[];

/** Collects what is wrong with a document while it is being read; reading goes on after each fault. */
export interface Report {
  readonly document: SourceDocument;
  readonly diagnostics: Diagnostic[];
}

export function fault(
  report: Report,
  path: SourcePath,
  code: string,
  message: string,
  options: { readonly help?: string; readonly what?: 'key' | 'value' } = {},
): undefined {
  report.diagnostics.push({
    code,
    message,
    at: report.document.positionOf(path, options.what ?? 'value'),
    ...(options.help === undefined ? {} : { help: options.help }),
  });
  return undefined;
}

/** What a value is, in words for a message. */
export function describe(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'a string';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'a boolean';
    default:
      return 'a table';
  }
}

function wrongType(
  report: Report,
  path: SourcePath,
  wanted: string,
  value: JsonValue | undefined,
): undefined {
  const name = path.findLast((segment) => typeof segment === 'string') ?? 'the file';
  return fault(report, path, 'wrong-type', `\`${name}\` must be ${wanted}, not ${describe(value)}`);
}

export function readTable(report: Report, path: SourcePath, value: JsonValue): JsonObject | undefined {
  return isJsonObject(value) ? value : wrongType(report, path, 'a table', value);
}

export function readList(
  report: Report,
  path: SourcePath,
  value: JsonValue,
): readonly JsonValue[] | undefined {
  return Array.isArray(value) ? value : wrongType(report, path, 'a list', value);
}

export function readBoolean(report: Report, path: SourcePath, value: JsonValue): boolean | undefined {
  return typeof value === 'boolean' ? value : wrongType(report, path, 'a boolean', value);
}

export function readNumber(report: Report, path: SourcePath, value: JsonValue): number | undefined {
  return typeof value === 'number' ? value : wrongType(report, path, 'a number', value);
}

export function readString(report: Report, path: SourcePath, value: JsonValue): string | undefined {
  return typeof value === 'string' ? value : wrongType(report, path, 'a string', value);
}

const CONTROL = /\p{Cc}/u;

/** Text of one line, from 1 to `longest` characters: it is shown in terminals and in records. */
export function readLine(
  report: Report,
  path: SourcePath,
  value: JsonValue,
  longest: number,
): string | undefined {
  const text = readString(report, path, value);
  if (text === undefined) return undefined;
  if (text.trim() === '' || text.length > longest || CONTROL.test(text)) {
    return fault(report, path, 'bad-text', `the text must be one line of 1 to ${longest} characters`);
  }
  return text;
}

export function readWord<Word extends string>(
  report: Report,
  path: SourcePath,
  value: JsonValue,
  words: readonly Word[],
): Word | undefined {
  const text = readString(report, path, value);
  if (text === undefined) return undefined;
  const word = words.find((candidate) => candidate === text);
  if (word !== undefined) return word;
  const name = path.findLast((segment) => typeof segment === 'string') ?? 'value';
  return fault(report, path, 'unknown-value', `unknown ${name} \`${text}\``, {
    help: didYouMean(text, words),
  });
}

/** A list without repetitions, each item read by `item`; items that could not be read are left out. */
export function readSet<Item extends string>(
  report: Report,
  path: SourcePath,
  value: JsonValue,
  item: (path: SourcePath, value: JsonValue) => Item | undefined,
): readonly Item[] {
  const items: Item[] = [];
  for (const [index, element] of (readList(report, path, value) ?? []).entries()) {
    const at = [...path, index];
    const read = item(at, element);
    if (read === undefined) continue;
    if (items.includes(read)) fault(report, at, 'duplicate-value', `\`${read}\` is listed twice`);
    else items.push(read);
  }
  return items;
}

/** A whole number from 1 to `most`. */
export function readCount(
  report: Report,
  path: SourcePath,
  value: JsonValue,
  most: number,
): number | undefined {
  const number = readNumber(report, path, value);
  if (number === undefined) return undefined;
  if (Number.isSafeInteger(number) && number >= 1 && number <= most) return number;
  const name = path.findLast((segment) => typeof segment === 'string') ?? 'value';
  return fault(report, path, 'out-of-range', `\`${name}\` must be a whole number from 1 to ${most}`);
}

/** Refuses every key that is not among `keys`; `planned` says what to tell about a key that is not built. */
export function refuseUnknownKeys(
  report: Report,
  path: SourcePath,
  table: JsonObject,
  keys: readonly string[],
  planned: Readonly<Record<string, string>> = {},
): void {
  for (const key of Object.keys(table)) {
    if (keys.includes(key)) continue;
    const help = Object.hasOwn(planned, key) ? planned[key] : didYouMean(key, keys);
    fault(report, [...path, key], 'unknown-key', `unknown key \`${key}\``, {
      what: 'key',
      ...(help === undefined ? {} : { help }),
    });
  }
}
