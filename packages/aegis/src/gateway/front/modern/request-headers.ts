import type { JsonObject } from '@aegis/core';
import { type HeaderLines, type HeaderReading, readHeader, readMirror } from './header.ts';

/** The methods whose name or URI is mirrored, and the parameter that it is. */
const NAMED_BY: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
]);

/** Why `MCP-Protocol-Version` does not agree with the body; undefined when it does. */
export function revisionMismatch(headers: HeaderLines, revision: string): string | undefined {
  return mismatch('MCP-Protocol-Version', readHeader(headers, 'mcp-protocol-version'), revision);
}

/**
 * Why `Mcp-Method` does not agree with the body; undefined when it does.
 *
 * SECURITY: whoever routes by the headers must have seen what is judged here, which is the body.
 */
export function methodMismatch(headers: HeaderLines, method: string): string | undefined {
  return mismatch('Mcp-Method', readHeader(headers, 'mcp-method'), method);
}

/** The same of `Mcp-Name`, for a method that we know. */
export function nameMismatch(headers: HeaderLines, method: string, params: JsonObject): string | undefined {
  const parameter = NAMED_BY.get(method);
  const name = parameter === undefined ? undefined : params[parameter];
  const reading = readMirror(headers, 'mcp-name');
  if (typeof name === 'string') return mismatch('Mcp-Name', reading, name);
  return reading.kind === 'missing' ? undefined : 'the header `Mcp-Name` names what the body does not';
}

/** Says nothing of either value: one of them may be a lie. */
export function mismatch(
  header: string,
  reading: HeaderReading,
  expected: string | ((value: string) => boolean),
): string | undefined {
  if (reading.kind !== 'value') return `the header \`${header}\` is ${reading.kind}`;
  const agrees = typeof expected === 'string' ? reading.value === expected : expected(reading.value);
  return agrees ? undefined : `the header \`${header}\` does not agree with the body`;
}
