import { isForeignKey, isForeignSecret } from './key-words.ts';

/** How much a name says of the value behind it: `certain` of an API key, `likely` of what is only called a key. */
export type KeyName = 'password' | 'certain' | 'likely';

/** What a name makes of its value; undefined where it names no credential. Takes time linear in the name. */
export function keyNameOf(name: string): KeyName | undefined {
  if (!TELLING.test(name)) return undefined;
  const words = (name.match(WORDS) ?? []).map((word) => word.toLowerCase());
  while (words.length > 1 && QUALIFIERS.test(words.at(-1) ?? '')) words.pop();
  const last = words.at(-1);
  if (last === undefined || words.slice(-MOST_WORDS).some((word) => PUBLIC.has(word))) return undefined;
  const owner = words.at(-2) ?? '';
  if (PASSWORDS.test(last)) return 'password';
  if (isForeignSecret(last, owner)) return 'password';
  if (isForeignKey(last)) return 'likely';
  if (SECRETS.test(last)) return PAGING.has(owner) || last === 'tiktoken' ? undefined : 'certain';
  // `applicationServerKey`: the public half, for browsers.
  if (last === 'key' || last === 'keys') return words.at(-3) === 'application' ? undefined : ofKey(owner);
  if (last.endsWith('key')) return NO_KEYS.has(last) ? undefined : ofKey(last.slice(0, -3));
  if (last === 'code' || last === 'codes') return CODES.has(owner) ? 'certain' : undefined;
  if (last === 'seed' && DRAWING.has(owner)) return undefined;
  if (SALTS.has(last)) return owner === '' ? 'likely' : 'certain';
  return LIKELY.has(last) ? 'likely' : undefined;
}

function ofKey(owner: string): KeyName | undefined {
  if (OPENED.has(owner)) return undefined;
  return OWNERS.has(owner) ? 'certain' : 'likely';
}

/** What every name of a credential holds. */
const TELLING =
  /key|tok|tkn|secr|pas|pw|psk|cred|auth|acc|sig|salt|seed|cookie|pin|pat|bear|code|pepp|sess|commun|admin|nnwort|twoord|haslo|heslo|sana|sifre|clave|contras|kode|passord|jelsz|parol|senha|geheim|secreto|segre|chave|llave|chiave|schlu|sleutel|nyckel|klucz|cheie|anahtar|jeton|kulcs|[\u0080-\uffff]/i;
/** So many words before a value belong to its name. */
const MOST_WORDS = 4;
const WORDS = /[A-Z]?[a-z\u00c0-\u1fff\u3040-\ufeff]{1,64}|[A-Z]{1,64}(?![a-z])|\d{1,64}/g;
const QUALIFIERS =
  /^(?:v?\d{1,2}|v|prod|production|live|dev|test|staging|old|new|value|string|str|base|hex|b|primary|secondary|plain|text|raw|default|env|var)$/;
const PASSWORDS =
  /^(?:[a-z]{0,20}(?:passwords?|passwd|passphrase)|(?:admin|api|app|auth|become|db|dev|email|ftp|http|key|login|mail|my|prod|proxy|require|root|sa|smtp|ssh|store|sudo|test|user|web|wifi)?pass|passcode|passwort|[a-z]{0,8}pwd|(?:bind|root|my|user|db)?pw|psk|masterauth|creds?|credentials?)$/;
const SECRETS =
  /^(?:[a-z]{0,20}(?:secrets?|tokens?)|bearer|tkn|authcode|pepper|apikeys?|authkey|accesskey|secretkey|privatekey|privkey|jsessionid|phpsessid|sessid)$/;
const LIKELY = new Set(
  'auth access pat sig signature cookie pin admin administrator community authorization'.split(' '),
);
const SALTS = new Set('salt seed'.split(' '));
/** Generators of numbers, and what is made with them. */
const DRAWING = new Set('random rng prng faker numpy torch world minecraft with'.split(' '));
const CODES = new Set(
  'access auth authorization authorisation pass pin security unlock recovery backup scratch gate door alarm'.split(
    ' ',
  ),
);
/** Of whom or of what a key is no public one. */
const OWNERS = new Set(
  (
    'api access account activation admin aes agent app application auth authentication authorization backup bearer client cluster connection ' +
    'consumer decryption deploy developer device encryption enrollment enterprise function gateway hmac host ingest ingestion install ' +
    'instrumentation integration join jwt licence license live master merchant network oauth org organization partner personal private ' +
    'prod product production project provisioning recovery registration root sandbox sas secret security serial server service session ' +
    'shared signature signing storage subscription user vault webhook wep wifi wpa write'
  ).split(' '),
);
/** What a table, a map, a keyboard or a document calls a key. */
const OPENED = new Set(
  (
    'answer any arrow board by cache chart composite config cursor ctrl data dedup dedupe delete dict dictionary document duplicate enter entity entry escape event field ' +
    'file foreign function gpg group hash hot i18n idempotency index issue item join jira keyboard language locale lookup map message ' +
    'natural object option order parent partition path pgp primary project property query range record recv registry return route row same shard ' +
    'short site sort space storage surrogate tab tag ticket translation type unique'
  ).split(' '),
);
/** Tokens that say where to go on, are counted, or read by a parser. */
const PAGING = new Set(
  'next page paging pagination continuation sync resume delta watch cursor continue skip stop pad eos bos unk verification unexpected prompt completion'.split(
    ' ',
  ),
);
const NO_KEYS = new Set('monkey turkey hockey jockey donkey whiskey hotkey lackey mickey rickey'.split(' '));
const PUBLIC = new Set(
  (
    'public publishable sha sha1 sha256 checksum integrity digest commit revision fingerprint thumbprint resolved version uuid guid etag ' +
    'trace request nonce idempotency csrf xsrf authenticity viewstate tokenizer count limit total max min usage'
  ).split(' '),
);
