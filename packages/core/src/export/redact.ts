import { findSecrets } from '../inspect/secret/find-secrets.ts';
import { isJsonObject, type JsonValue } from '../model/json.ts';

const REDACTED = '[redacted]';

/** How the name of a credential ends, in lower case and without what separates its words. */
const SECRET_ENDINGS = [
  'authorization',
  'cookie',
  'cookies',
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'secrets',
  'token',
  'apikey',
  'privatekey',
  'secretkey',
  'accesskey',
  'credential',
  'credentials',
  'jwt',
] as const;

/** Deeper than this nothing is looked at, and so nothing is shown. */
const MAX_DEPTH = 64;

/**
 * The same value without credentials: what stands under a name that says so, at any depth and in any case
 * (`Authorization`, `x-api-key`, `clientSecret`), in lists of `{ name, value }` and of pairs, and what looks
 * like one in a text.
 */
export function redact(value: JsonValue, depth = 0): JsonValue {
  if (depth > MAX_DEPTH) return REDACTED;
  if (typeof value === 'string') return withoutSecrets(value);
  if (Array.isArray(value)) {
    const [name, ...rest] = value as readonly JsonValue[];
    if (rest.length === 1 && typeof name === 'string' && namesSecret(name)) return [name, REDACTED];
    return value.map((item) => redact(item as JsonValue, depth + 1));
  }
  if (!isJsonObject(value)) return value;
  const named = [value['name'], value['key'], value['header']].some(
    (name) => typeof name === 'string' && namesSecret(name),
  );
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const hidden = namesSecret(name) || (named && name.toLowerCase() === 'value');
      return [name, hidden && holdsText(member) ? REDACTED : redact(member, depth + 1)];
    }),
  );
}

/** Numbers under such names are counts (`max_token`), and so are switches. */
function holdsText(value: JsonValue): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}

function namesSecret(name: string): boolean {
  const plain = name.toLowerCase().replace(/[-_. ]/g, '');
  return SECRET_ENDINGS.some((ending) => plain.endsWith(ending));
}

function withoutSecrets(text: string): string {
  let clean = '';
  let from = 0;
  for (const { start, end } of findSecrets(text)) {
    clean += `${text.slice(from, start)}${REDACTED}`;
    from = end;
  }
  return from === 0 ? text : clean + text.slice(from);
}
