/** Words that say of a name that its value is a credential. */
const SECRET_WORDS =
  'tokens?|secrets?|keys?|apikeys?|passwords?|passwd|passphrase|pwd|pass|credentials?|creds?|auth|authorization|cookies?|jwt|pat|dsn|bearer|signature|webhook';
const SAYS_SECRET = new RegExp(`(?:^|[_.-])(?:${SECRET_WORDS})(?:$|[_.-])`, 'i');
const ENDS_SECRET = new RegExp(`(?:^|[_.-])(?:${SECRET_WORDS})$`, 'i');

/** Beginnings of credentials that their issuers mark as such, and of a JSON Web Token. */
const MARKED =
  /(?:^|[^A-Za-z0-9])(?:sk-|sk_live_|rk_live_|ghp_|gho_|ghs_|ghu_|github_pat_|glpat-|xox[abeprs]-|npm_|hf_|AKIA|ASIA|AIza|ya29\.|eyJ[A-Za-z0-9_-]{8,}\.)[A-Za-z0-9_-]{8}/;

/** A path to a file with an extension: no credential looks so, whatever the variable is called. */
const FILE_PATH = /^(?:\/|~\/|\.{1,2}\/|[A-Za-z]:\\)[^?#]*[/\\][^/\\]+\.[a-z]{1,5}$/;

const MAX_PLAIN_LENGTH = 512;

/**
 * Whether a value may stand in a configuration as text: its name does not say that it is a credential,
 * and it is made of words and small numbers, as paths, hosts, switches and levels are. When in doubt,
 * it may not.
 */
export function isPlain(name: string, value: string): boolean {
  if (value === '' || isSwitch(value)) return true;
  if (FILE_PATH.test(value)) return isWordy(value);
  return !saysSecret(name) && !holdsCredentials(value) && isWordy(value);
}

/** Whether a value is a credential as far as one can see: its name says so, or it is marked as one. */
export function isSecret(name: string, value: string): boolean {
  if (value === '' || isSwitch(value) || FILE_PATH.test(value)) return false;
  return saysSecret(name) || holdsCredentials(value);
}

/** Whether a name says that what it names is a credential. */
export function saysSecret(name: string): boolean {
  return SAYS_SECRET.test(snake(name));
}

/** The arguments of a command that seem to be or to hold a credential, counted from 0. */
export function secretArguments(command: readonly string[]): readonly number[] {
  return command.flatMap((argument, index) => {
    if (holdsCredentials(argument)) return [index];
    const [, flag, value] = /^(--?[A-Za-z][\w.-]*|[A-Za-z_]\w*)=(.*)$/s.exec(argument) ?? [];
    if (flag !== undefined && value !== undefined) {
      return namesSecret(flag, value) || holdsCredentials(value) ? [index] : [];
    }
    const before = command[index - 1];
    const named = before?.startsWith('-') === true && !argument.startsWith('-');
    return named && namesSecret(before, argument) ? [index] : [];
  });
}

/** A URL without the parts that may hold a credential; anything else as it is. */
export function withoutCredentials(url: string): string {
  if (!holdsCredentials(url)) return url;
  const parsed = URL.parse(url);
  return parsed === null ? '[secret]' : `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

function namesSecret(flag: string, value: string): boolean {
  const name = snake(flag.replace(/^-+/, ''));
  if (!ENDS_SECRET.test(name) || value === '' || isSwitch(value) || /^\$\{[^}]*\}$/.test(value)) return false;
  return !FILE_PATH.test(value);
}

function isSwitch(value: string): boolean {
  return /^(?:true|false|yes|no|on|off|none|null|auto|\d{1,10}(?:\.\d{1,6})?)$/i.test(value);
}

/** A user and a password in a URL, a query that names a credential, a header that carries one. */
function holdsCredentials(value: string): boolean {
  if (MARKED.test(value) || /\b(?:bearer|basic)\s+[^\s$]/i.test(value)) return true;
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? URL.parse(value) : null;
  if (url === null) return false;
  if (url.username !== '' || url.password !== '') return true;
  return [...url.searchParams].some(([key, text]) => saysSecret(key) || !isWordy(text));
}

function isWordy(value: string): boolean {
  if (value.length > MAX_PLAIN_LENGTH) return false;
  return value.split(/[^\p{L}\p{N}]+/u).every(isWord);
}

function isWord(piece: string): boolean {
  if (piece === '' || /^\d{1,8}$/.test(piece)) return true;
  if (piece.length <= 8) return true;
  if (piece.length > 24 || /\d/.test(piece.replace(/\d{1,4}$/, ''))) return false;
  const humps = piece.match(/\p{Ll}\p{Lu}/gu)?.length ?? 0;
  return humps <= piece.length / 4;
}

/** `apiKey` and `X-Api-Key` as `api_key` and `x_api_key`. */
function snake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
}
