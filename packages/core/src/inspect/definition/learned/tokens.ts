import type { OwnNames } from '../intents/find-intents.ts';
import { foldPhrase } from '../../text/fold.ts';
import { isUnspaced } from '../../text/word.ts';
import { stemOf } from './stem.ts';

/**
 * A sentence as words without their endings. What differs from definition to definition stands as what it is:
 * `<url>`, `<email>`, `<path>`, `<secret-path>`, `<tool>`, `<param>`, `<self>`, `<variable>`, `<number>`, `<tag>`.
 * Takes time linear in the sentence.
 */
export function tokensOf(sentence: string, own: OwnNames): readonly string[] {
  const tokens: string[] = [];
  for (const chunk of sentence.split(BLANK)) {
    if (chunk === '' || tokens.length >= MOST) continue;
    const bare = trimmed(chunk);
    const kind = kindOf(chunk, bare, own);
    if (kind !== undefined) tokens.push(kind);
    else for (const word of foldPhrase(bare).split(NO_WORD)) push(tokens, word);
  }
  return tokens;
}

/** No sentence has more: see `sentencesOf`. */
const MOST = 600;
const BLANK = /\s/;
const NO_WORD = /[^\p{L}\p{N}]/u;
const LONGEST_WORD = 24;

function push(tokens: string[], word: string): void {
  if (word === '') return;
  if (isUnspaced(word.charCodeAt(0))) {
    for (let at = 0; at + 1 < word.length && tokens.length < MOST; at++) tokens.push(word.slice(at, at + 2));
    return;
  }
  tokens.push(/^\d/.test(word) ? '<number>' : stemOf(word.slice(0, LONGEST_WORD)));
}

const EDGE = new Set('`\'"()[]{}.,;:!?*“”‘’«»');

function trimmed(chunk: string): string {
  let start = 0;
  let end = chunk.length;
  while (
    start < end &&
    EDGE.has(chunk[start] ?? '') &&
    !(chunk[start] === '.' && /^\.[./a-z]/.test(chunk.slice(start, start + 2)))
  )
    start++;
  while (end > start && EDGE.has(chunk[end - 1] ?? '')) end--;
  return chunk.slice(start, end);
}

function kindOf(chunk: string, bare: string, own: OwnNames): string | undefined {
  if (bare.includes('://')) return '<url>';
  const at = bare.indexOf('@');
  if (at > 0 && bare.indexOf('.', at) !== -1) return '<email>';
  if (SECRET_PATH.test(bare)) return '<secret-path>';
  if (PATH.test(bare)) return '<path>';
  if (bare === own.tool) return '<self>';
  if (own.parameters.has(bare) && (QUOTE.test(chunk) || /[_A-Z]/.test(bare))) return '<param>';
  if (/^<\/?[A-Za-z!]/.test(chunk)) return '<tag>';
  if (VARIABLE.test(bare)) return '<variable>';
  if (NAME.test(bare)) return '<tool>';
  if (HOST.test(bare)) return '<url>';
  return undefined;
}

const QUOTE = /^[`'"(]/;
// Linear: fixed words and classes that do not hold what follows them.
const SECRET_PATH =
  /\.(?:ssh|aws|kube|gnupg|netrc|npmrc|pgpass|pem|key|p12|pfx|kdbx)\b|\.env\b|id_(?:rsa|ed25519)|shadow$|passwd$|mcp\.json|credentials\b.{0,4}\.|_history$|\/proc\//;
const PATH =
  /^(?:~|\.{1,2})?\/|^[A-Za-z]:\\|^~$|^[\w-]{1,60}\.(?:json|ya?ml|toml|md|txt|log|csv|ini|conf|cfg|sh|db|sqlite|js|ts|py)$/;
const VARIABLE = /^[A-Z][A-Z0-9]{1,30}_[A-Z0-9_]{1,40}$/;
const NAME =
  /^[a-z][a-z0-9]{0,30}_[a-z0-9_]{1,60}(?:\(\))?$|^[a-z]{2,30}[A-Z][A-Za-z]{1,40}$|^[a-z][\w]{1,30}\.[a-z]{1,30}_\w{1,40}$/;
const HOST = /^(?:[a-z0-9-]{1,40}\.){1,4}(?:com|net|org|io|dev|app|co|ai|cloud|info|biz|eu)(?:[/:]|$)/;
