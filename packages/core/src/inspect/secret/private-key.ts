import type { Secret } from './secret.ts';

/** PEM private keys (RFC 7468), PGP and PuTTY ones; also where line breaks are escaped. Takes linear time. */
export function findPrivateKeys(text: string): readonly Secret[] {
  const found: Secret[] = [];
  for (const match of text.matchAll(BEGIN)) {
    const from = match.index + match[0].length;
    if (from < (found.at(-1)?.end ?? 0)) continue;
    const body = text.slice(from, from + LONGEST);
    const close = END.exec(body);
    const length = close === null ? (BODY.exec(body)?.[0].length ?? 0) : close.index + close[0].length;
    const letters = body.slice(0, close?.index ?? length).replaceAll(/\\[nrt]|[^A-Za-z0-9+/]/g, '');
    if (letters.length < SHORTEST) continue;
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

const LONGEST = 16_384;
const SHORTEST = 24;
// Linear: fixed words with bounded classes between, and one class repeated.
const BEGIN =
  /-----BEGIN (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-[23]:|<RSAKeyValue>/g;
const END =
  /-----END (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----|Private-MAC: [a-f0-9]{40,64}|<\/RSAKeyValue>/;
const BODY = /^[A-Za-z0-9+/=\s\\:,.-]*/;
