/** One page of a list, and the cursor of the next one where there is one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}

const MAX_CURSOR_CHARS = 16 * 1024;

/**
 * Cuts a page out of a list that is sorted by name. The cursor names the last item of the page before,
 * so it stays good while the list changes. Undefined for a cursor that is none of ours.
 */
export function pageOf<T extends { readonly exposed: string }>(
  items: readonly T[],
  cursor: unknown,
  size: number,
): Page<T> | undefined {
  let start = 0;
  if (cursor !== undefined) {
    const after = decodeCursor(cursor);
    if (after === undefined) return undefined;
    const next = items.findIndex(({ exposed }) => exposed > after);
    start = next === -1 ? items.length : next;
  }
  const page = items.slice(start, start + size);
  const last = page.at(-1);
  if (last === undefined || start + size >= items.length) return { items: page };
  return { items: page, nextCursor: encodeCursor(last.exposed) };
}

const CURSOR_PREFIX = 'a1:';

function encodeCursor(name: string): string {
  return Buffer.from(CURSOR_PREFIX + name).toString('base64url');
}

function decodeCursor(cursor: unknown): string | undefined {
  if (typeof cursor !== 'string' || cursor.length > MAX_CURSOR_CHARS) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  return text.startsWith(CURSOR_PREFIX) ? text.slice(CURSOR_PREFIX.length) : undefined;
}
