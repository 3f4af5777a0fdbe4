import { entropyOf } from './entropy.ts';
import { isExampleValue, isFilledIn } from './example-value.ts';
import type { Secret } from './secret.ts';
import type { Alphabet, TokenFormat } from './token-format.ts';
import { TOKEN_FORMATS } from './token-formats.ts';
import { isWorded } from './worded.ts';

const CLASSES: Readonly<Record<Alphabet, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  word: /\w/,
  dashed: /[\w-]/,
  hex: /[A-Fa-f0-9]/,
  base64: /[\w+/=.-]/,
  upper: /[A-Z0-9]/,
  lower: /[a-z0-9]/,
  dotted: /[\w.:$-]/,
  uuid: /[A-Fa-f0-9-]/,
};

/** For each alphabet which ASCII characters are in it. */
const MEMBERS: ReadonlyMap<Alphabet, Uint8Array> = new Map(
  (Object.keys(CLASSES) as Alphabet[]).map((name) => [
    name,
    Uint8Array.from({ length: 128 }, (_, code) => Number(CLASSES[name].test(String.fromCharCode(code)))),
  ]),
);

const LETTERS_AND_DIGITS: readonly number[] = Array.from({ length: 128 }, (_, code) => code).filter((code) =>
  CLASSES.alnum.test(String.fromCharCode(code)),
);

interface Candidate {
  readonly format: TokenFormat;
  readonly prefix: string;
}

/** By the first two characters. */
const BY_START: ReadonlyMap<number, readonly Candidate[]> = (() => {
  const starts = new Map<number, Candidate[]>();
  for (const format of TOKEN_FORMATS) {
    for (const prefix of format.prefixes) {
      // A prefix of one letter says nothing of the second one.
      const seconds = prefix.length > 1 ? [prefix.charCodeAt(1)] : LETTERS_AND_DIGITS;
      for (const second of seconds) {
        const key = prefix.charCodeAt(0) * 128 + second;
        const known = starts.get(key);
        if (known === undefined) starts.set(key, [{ format, prefix }]);
        else known.push({ format, prefix });
      }
    }
  }
  for (const candidates of starts.values()) candidates.sort((a, b) => b.prefix.length - a.prefix.length);
  return starts;
})();

/** The same, to tell at once where nothing begins. */
const BEGINS: Uint8Array = Uint8Array.from({ length: 128 * 128 }, (_, key) => Number(BY_START.has(key)));

/**
 * Tokens that say by their beginning what they are. Takes time linear in the text: at each beginning of a
 * word the few formats that begin so are tried, each on at most as many characters as it has.
 */
export function findTokens(text: string): readonly Secret[] {
  const found: Secret[] = [];
  let second = text.charCodeAt(0);
  for (let at = 0; at < text.length - SHORTEST; at++) {
    const code = second;
    second = text.charCodeAt(at + 1);
    if (code >= 128 || second >= 128 || BEGINS[code * 128 + second] !== 1) continue;
    if (at > 0 && isAlnum(text.charCodeAt(at - 1)) && !isEscape(text, at)) continue;
    const candidates = BY_START.get(code * 128 + second) ?? [];
    for (const candidate of candidates) {
      const secret = tokenAt(text, at, candidate);
      if (secret === undefined) continue;
      found.push(secret);
      at = secret.end - 1;
      second = text.charCodeAt(secret.end);
      break;
    }
  }
  return found;
}

const SHORTEST = 13;
/** What is as short may be the end of a name. */
const SHORT_PREFIX = 4;
/** From so many characters on, one in ten thousand random bodies reads like words. */
const LONG_BODY = 28;

function tokenAt(text: string, at: number, { format, prefix }: Candidate): Secret | undefined {
  if (!text.startsWith(prefix, at)) return undefined;
  const { kind, alphabet, least, most, check, shape, entropy = 2.8 } = format;
  const members = MEMBERS.get(alphabet);
  if (members === undefined) return undefined;
  const from = at + prefix.length;
  let end = from;
  while (end < text.length && end - from <= most && members[text.charCodeAt(end)] === 1) end++;
  // The end of a sentence is not the end of a token.
  while (end > from && (text[end - 1] === '.' || text[end - 1] === ':')) end--;
  const length = end - from;
  if (length < least || length > most) return undefined;
  if (end < text.length && isAlnum(text.charCodeAt(end)) && alphabet !== 'upper') return undefined;
  if (alphabet === 'upper' && end < text.length && /[A-Za-z0-9]/.test(text[end] ?? '')) return undefined;
  const body = text.slice(from, end);
  if (shape !== undefined && !shape.test(body)) return undefined;
  // `cache_key_<digest>`.
  if (alphabet === 'hex' && prefix.length <= SHORT_PREFIX && text[at - 1] === '_') return undefined;
  if (alphabet === 'uuid' && !UUID.test(body)) return undefined;
  const checked = check?.(body) === true;
  const shown = QUOTED_EVERYWHERE.test(kind) ? isFilledIn(body) : isExampleValue(body);
  const example = !checked && (shown || entropyOf(body) < entropy);
  // `o.shouldComponentUpdateWithContext`, `luma-theme-checkout-cart`.
  if (!checked && !example && length >= LONG_BODY && isWorded(body)) return undefined;
  return { kind, start: at, end, certainty: checked ? 'checked' : 'shaped', example };
}

/** Services whose tokens every document shows, in the order of the alphabet where it makes them up. */
const QUOTED_EVERYWHERE =
  /^(?:anthropic|aws|digitalocean|figma|github|gitlab|google|huggingface|npm|openai|sendgrid|slack)\./;
const UUID = /^[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}$/i;

function isAlnum(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

/** `\n` and the like in a string as programs write it, and `%3D` in a URL. */
function isEscape(text: string, at: number): boolean {
  return (
    (at > 1 && text[at - 2] === '\\' && 'nrt'.includes(text[at - 1] ?? ' ')) ||
    (at > 2 && text[at - 3] === '%')
  );
}
