import type { Secret } from './secret.ts';

/** PEM private keys (RFC 7468), PGP and PuTTY ones; also where line breaks are escaped. Takes linear time. */
export function findPrivateKeys(text: string): readonly Secret[] {
  const found: Secret[] = [...findJsonKeys(text)];
  for (const match of text.matchAll(BEGIN)) {
    const from = match.index + match[0].length;
    if (from < (found.at(-1)?.end ?? 0)) continue;
    const body = text.slice(from, from + LONGEST);
    const close = END.exec(body);
    const length = close === null ? (BODY.exec(body)?.[0].length ?? 0) : close.index + close[0].length;
    const letters = body.slice(0, close?.index ?? length).replaceAll(/\\[nrt]|[^A-Za-z0-9+/]/g, '');
    if (letters.length < SHORTEST || TEMPLATE.test(body.slice(0, HEAD))) continue;
    found.push({
      kind: 'private_key',
      start: match.index,
      end: from + length,
      certainty: 'shaped',
      example: /^(?:x+|\.+|(.)\1+)$/i.test(letters),
    });
  }
  return found;
}

/** Private keys of RFC 7517 and RFC 8037: what is in `d` is known to their owner alone. */
function findJsonKeys(text: string): readonly Secret[] {
  if (!text.includes('"kty')) return [];
  return Array.from(text.matchAll(PRIVATE_PART), ({ 0: whole, 1: value = '', index }) => {
    const end = index + whole.length;
    return { kind: 'private_key', start: end - value.length, end, certainty: 'shaped', example: false };
  });
}

const PRIVATE_PART = /"(?:d|p|q|dp|dq|qi|k)\\?"\s{0,4}:\s{0,4}\\?"([\w-]{32,1400})(?=\\?")/g;
const LONGEST = 16_384;
const SHORTEST = 24;
/** A place to fill in, at the beginning of what would be the key. */
const TEMPLATE = /^[\s\\nr]{0,12}(?:\$\{|\{\{|<[a-z])/i;
const HEAD = 24;
// Linear: fixed words with bounded classes between, and one class repeated.
const BEGIN =
  /-----BEGIN (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----|---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----|PuTTY-User-Key-File-[23]:|<RSAKeyValue>/g;
const END =
  /-----END (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----|---- END SSH2 ENCRYPTED PRIVATE KEY ----|Private-MAC: [a-f0-9]{40,64}|<\/RSAKeyValue>/;
const BODY = /^[A-Za-z0-9+/=\s\\:,.-]*/;
