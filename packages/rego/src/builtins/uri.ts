import { textOfUtf8, utf8Bytes } from '../value/text.ts';
import { RegoObject } from '../value/value.ts';
import { parseAddress } from './address.ts';
import { any, boolean, type Builtin, BuiltinError, builtin, object, string } from './builtin.ts';

/** The parts of a URI (RFC 3986) as OPA tells them, each unit one byte; a part that is not there is empty. */
interface Uri {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly rawPath: string;
  readonly query: string;
  readonly fragment: string;
}

const CONTROL = /[\u0000-\u001f\u007f]/;
const SCHEME = /^(?:([A-Za-z][A-Za-z0-9+\-.]*):)?([^]*)$/;
const PORT = /^(?::[0-9]*)?$/;
const USER_INFO = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;
const IN_HOST = /[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]/;
const IN_PATH = /[A-Za-z0-9\-_.~$&+,/:;=@]/;
const ESCAPE = /^%[0-9a-fA-F]{2}/;

function fail(reason: string): never {
  throw new BuiltinError(reason);
}

function cut(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function parseUri(text: string): Uri {
  const bytes = Array.from(utf8Bytes(text), (byte) => String.fromCharCode(byte)).join('');
  const [before, rawFragment] = cut(bytes, '#');
  if (CONTROL.test(before)) fail('invalid control character in URL');
  const fragment = unescapeWith(rawFragment, () => true);
  if (before === '*') return { scheme: '', host: '', path: '*', rawPath: '*', query: '', fragment };
  if (before.startsWith(':')) fail('missing protocol scheme');
  const [, given = '', afterScheme = ''] = SCHEME.exec(before) ?? [];
  const scheme = given.toLowerCase();
  const [rest, query] = cut(afterScheme, '?');
  if (!rest.startsWith('/')) {
    // What follows a scheme without a slash is opaque, and not a part that is told.
    if (scheme !== '') return { scheme, host: '', path: '', rawPath: '', query, fragment };
    if (cut(rest, '/')[0].includes(':')) fail('first path segment in URL cannot contain colon');
  }
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'));
  const slash = hasAuthority ? rest.indexOf('/', 2) : 0;
  const end = slash < 0 ? rest.length : slash;
  const host = hasAuthority ? hostOf(scheme, rest.slice(2, end)) : '';
  const rawPath = rest.slice(end);
  const path = unescapeWith(rawPath, () => true);
  return { scheme, host, path, rawPath: isPlain(path, rawPath) ? path : rawPath, query, fragment };
}

/** True when the usual escapes of the path give what was written. */
function isPlain(path: string, written: string): boolean {
  const escaped = Array.from(path, (unit) =>
    IN_PATH.test(unit) ? unit : `%${unit.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return escaped.join('') === written;
}

/** Replaces escapes; `allows` says which escapes may stand there. */
function unescapeWith(text: string, allows: (escape: string) => boolean, inHost = false): string {
  let result = '';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charAt(i);
    if (unit === '%') {
      const escape = text.slice(i, i + 3);
      if (!ESCAPE.test(escape) || !allows(escape)) fail(`invalid URL escape \`${escape}\``);
      result += unitOf(escape);
      i += 2;
    } else {
      if (inHost && unit < '\u0080' && !IN_HOST.test(unit))
        fail(`invalid character \`${unit}\` in host name`);
      result += unit;
    }
  }
  return result;
}

function unitOf(escape: string): string {
  return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
}

/** Only bytes beyond ASCII may be escaped, and the percent sign before a zone. */
function unescapeHost(text: string): string {
  return unescapeWith(text, (escape) => escape === '%25' || unitOf(escape) >= '\u0080', true);
}

/** A zone (RFC 6874) may have escapes for what may stand in a host, and for spaces. */
function unescapeZone(text: string): string {
  const allows = (escape: string): boolean =>
    escape === '%25' || unitOf(escape) === ' ' || IN_HOST.test(unitOf(escape));
  return unescapeWith(text, allows, true);
}

function hostOf(scheme: string, authority: string): string {
  const at = authority.lastIndexOf('@');
  const host = parseHost(scheme, authority.slice(at + 1));
  const user = at < 0 ? '' : authority.slice(0, at);
  if (!USER_INFO.test(user)) fail('invalid userinfo');
  unescapeWith(user, () => true);
  return host;
}

function parseHost(scheme: string, host: string): string {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) return fail('invalid IP-literal');
  if (bracket === 0) return parseLiteral(host);
  const isStrict = scheme === 'http' || scheme === 'https';
  const colon = isStrict ? host.indexOf(':') : host.lastIndexOf(':');
  if (colon >= 0 && !PORT.test(host.slice(colon))) fail('invalid port after host');
  return unescapeHost(host);
}

/** `[address]` or `[address%25zone]`, with a port or without. */
function parseLiteral(host: string): string {
  const close = host.lastIndexOf(']');
  if (close < 0) fail("missing ']' in host");
  const port = host.slice(close + 1);
  if (!PORT.test(port)) fail('invalid port after host');
  const name = host.slice(1, close);
  const zoneAt = name.indexOf('%25');
  const literal =
    zoneAt < 0 ? unescapeHost(name) : unescapeHost(name.slice(0, zoneAt)) + unescapeZone(name.slice(zoneAt));
  const percent = literal.indexOf('%');
  const address = percent < 0 ? literal : literal.slice(0, percent);
  if (percent === literal.length - 1 || parseAddress(address)?.bits !== 128) fail('invalid IP-literal');
  return `[${literal}]${port}`;
}

function splitPort(host: string): { readonly name: string; readonly port: string } {
  const colon = host.lastIndexOf(':');
  const hasPort = colon >= 0 && PORT.test(host.slice(colon));
  const name = hasPort ? host.slice(0, colon) : host;
  return {
    name: name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name,
    port: hasPort ? host.slice(colon + 1) : '',
  };
}

function partsOf(uri: Uri): RegoObject {
  const { name, port } = splitPort(uri.host);
  const parts = [
    ['scheme', uri.scheme],
    ['hostname', name],
    ['port', port],
    ['path', uri.path],
    ['raw_path', uri.path === '' ? '' : uri.rawPath],
    ['raw_query', uri.query],
    ['fragment', uri.fragment],
  ] as const;
  return RegoObject.of(
    parts
      .filter(([, part]) => part !== '')
      .map(([key, part]) => [key, textOfUtf8(Uint8Array.from(part, (unit) => unit.charCodeAt(0)))] as const),
  );
}

function isUri(text: string): boolean {
  try {
    parseUri(text);
    return true;
  } catch (error) {
    if (error instanceof BuiltinError) return false;
    throw error;
  }
}

export const URI: readonly Builtin[] = [
  builtin('uri.parse', [string], object, (text) => partsOf(parseUri(text))),
  builtin('uri.is_valid', [any], boolean, (text) => typeof text === 'string' && text !== '' && isUri(text)),
];
