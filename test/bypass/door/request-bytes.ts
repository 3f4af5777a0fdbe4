import { type Door, isStateless } from './door.ts';
import type { HeaderValue, Shot } from './shot.ts';

export interface RequestPlace {
  readonly door: Door;
  readonly url: URL;
  readonly token: string | undefined;
  readonly session: string | undefined;
}

/** One HTTP request, as it stands on the wire. */
export function requestBytes(shot: Shot, place: RequestPlace): Buffer {
  const { body, verb = 'POST', target, trailing } = shot;
  const bytes = Buffer.from(body);
  const wanted: Record<string, HeaderValue> = { ...headersFor(shot, place) };
  if (verb !== 'GET') wanted['Content-Length'] = String(bytes.length);
  for (const [name, value] of Object.entries(shot.headers ?? {})) {
    const known = Object.keys(wanted).find((one) => one.toLowerCase() === name.toLowerCase());
    wanted[known ?? name] = value;
  }
  const lines = Object.entries(wanted).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}`),
  );
  const where = target ?? `${place.url.pathname}${place.url.search}`;
  const head = Buffer.from(`${verb} ${where} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return Buffer.concat([head, bytes, ...(trailing === undefined ? [] : [trailing])]);
}

function headersFor(
  { mirror, verb = 'POST' }: Shot,
  { door, url, token, session }: RequestPlace,
): Record<string, HeaderValue> {
  const { revision, carrier } = door;
  const knowsRevision = carrier === 'http' && revision >= '2025-06-18' && mirror?.method !== 'initialize';
  return {
    Host: url.host,
    Accept: verb === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream',
    ...(verb === 'POST' ? { 'Content-Type': 'application/json' } : {}),
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    ...(session === undefined || carrier === 'sse' ? {} : { 'Mcp-Session-Id': session }),
    ...(knowsRevision ? { 'MCP-Protocol-Version': revision } : {}),
    ...(isStateless(door) && mirror !== undefined ? mirrored(mirror) : {}),
  };
}

function mirrored({ method, name, params = {} }: NonNullable<Shot['mirror']>): Record<string, HeaderValue> {
  return {
    'Mcp-Method': method,
    ...(name === undefined ? {} : { 'Mcp-Name': headerText(name) }),
    ...Object.fromEntries(
      Object.entries(params).map(([param, value]) => [`Mcp-Param-${param}`, headerText(value)]),
    ),
  };
}

/** A value as headers carry it (MCP 2026-07-28, "Value Encoding"). */
export function headerText(value: string): string {
  const plain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value) && !value.startsWith('=?base64?');
  return plain ? value : `=?base64?${Buffer.from(value).toString('base64')}?=`;
}
