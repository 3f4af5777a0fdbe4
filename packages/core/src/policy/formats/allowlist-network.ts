import type { JsonValue } from '../../model/json.ts';
import { fault, type Report, readSet, readString, type SourcePath } from '../../source/report.ts';
import { didYouMean } from '../../source/suggest.ts';
import type { Wanted } from './allowlist-rules.ts';
import type { Translation } from './translation.ts';

/** A host, or a glob over hosts: names, IPv4, IPv6 without brackets. */
const HOST = /^(?:[\p{L}\p{N}*?_.-]+|[0-9a-f*?:.]+)$/iu;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'];

/** Reads `allowedDomains`; undefined where no domain is open. */
export function readDomains(
  report: Report,
  value: JsonValue | undefined,
  translation: Translation,
): Wanted | undefined {
  return readNames(report, ['allowedDomains'], value, translation, (at, text) => {
    if (HOST.test(text)) return [text];
    return fault(report, at, 'bad-pattern', `\`${text}\` is not a host`, {
      help: 'a host has no scheme, port and path: `api.example.org` or `*.example.org`',
    });
  });
}

/** Reads `allowedMethods`: methods of HTTP, which tools take in small letters as well. */
export function readMethods(
  report: Report,
  value: JsonValue | undefined,
  translation: Translation,
): Wanted | undefined {
  return readNames(report, ['allowedMethods'], value, translation, (at, text) => {
    const method = text.toUpperCase();
    if (METHODS.includes(method)) return [method, method.toLowerCase()];
    return fault(report, at, 'unknown-value', `unknown method \`${text}\``, {
      help: didYouMean(text, METHODS),
    });
  });
}

function readNames(
  report: Report,
  path: SourcePath,
  value: JsonValue | undefined,
  translation: Translation,
  spellings: (path: SourcePath, text: string) => readonly string[] | undefined,
): Wanted | undefined {
  if (value === undefined) return undefined;
  const names: { readonly text: string; readonly at: SourcePath }[] = [];
  readSet(report, path, value, (at, item) => {
    const text = readString(report, at, item);
    const read = text === undefined ? undefined : spellings(at, text);
    for (const spelling of read ?? []) names.push({ text: spelling, at });
    return read === undefined ? undefined : text;
  });
  if (names.length === 0) return undefined;
  return {
    path,
    node: translation.list(
      names.map(({ text, at }) => translation.scalar(text, at)),
      path,
    ),
  };
}
