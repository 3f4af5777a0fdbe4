// Real servers understand more than what a guard compares: so does a canary, as far as any library goes.
import { SECRET_URI } from './world.ts';

/** What is no text, turned into one as careless code turns it. */
export function lenientText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return lenientText(value[0]);
  if (typeof value !== 'object' || value === null) return String(value);
  const { toString: own } = value as { readonly toString: unknown };
  return typeof own === 'string' ? own : JSON.stringify(value);
}

/** A name without what libraries drop, fold or decode. */
export function lenientName(name: string): string {
  return decoded(name)
    .normalize('NFKC')
    .replace(/[\p{C}\p{Z}]/gu, '')
    .toLowerCase();
}

/** A URI with its escapes undone and its dot segments walked, without query and fragment. */
export function lenientUri(uri: string): string {
  const plain = lenientName(uri).replaceAll('\\', '/');
  try {
    const url = new URL(plain);
    url.hash = '';
    url.search = '';
    return url.href.replace(/(?<!:|\/)\/+/g, '/').replace(/\/$/, '');
  } catch {
    return plain;
  }
}

export function isSecretUri(uri: string): boolean {
  return lenientUri(uri).startsWith(SECRET_URI);
}

function decoded(text: string): string {
  let before = text;
  for (let round = 0; round < 3; round++) {
    let after = before;
    try {
      after = decodeURIComponent(before);
    } catch {
      return before;
    }
    if (after === before) return after;
    before = after;
  }
  return before;
}
