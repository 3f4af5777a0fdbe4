import { isBinaryContent } from '../inspect/binary-content.ts';
import { JSON_LIMITS } from '../json/problem.ts';
import type { ArgumentKind } from '../manifest/manifest.ts';
import { isJsonObject, type JsonValue } from '../model/json.ts';

/** One text or number of a value. */
export interface LeafText {
  /** RFC 6901 JSON pointer. */
  readonly at: string;
  readonly text: string;
  /** What the manifest says that it is; undefined when it says nothing. */
  readonly kind: ArgumentKind | undefined;
}

export interface LeafOptions {
  /** By dotted path. */
  readonly kinds?: ReadonlyMap<string, ArgumentKind> | undefined;
  readonly names?: boolean;
}

/**
 * Every text and number of a value, in order, and whether all of them are there: what is nested deeper than
 * `JSON_LIMITS` is not. Binary content is left out. A kind that is declared for a list or a table holds for
 * everything in it. With `names` the names of members are texts, too.
 */
export function leafTextsOf(
  value: JsonValue,
  { kinds, names = false }: LeafOptions,
): { readonly leaves: readonly LeafText[]; readonly complete: boolean } {
  const leaves: LeafText[] = [];
  let complete = true;
  const visit = (
    inner: JsonValue,
    at: string,
    path: string,
    kind: ArgumentKind | undefined,
    depth: number,
  ): void => {
    if (typeof inner === 'string' || typeof inner === 'number') {
      if (inner !== '') leaves.push({ at, text: String(inner), kind });
      return;
    }
    if (typeof inner !== 'object' || inner === null) return;
    if (depth > JSON_LIMITS.maxDepth) {
      complete = false;
      return;
    }
    if (!isJsonObject(inner)) {
      for (const [index, item] of inner.entries()) visit(item, `${at}/${index}`, path, kind, depth + 1);
      return;
    }
    for (const [name, member] of Object.entries(inner)) {
      const below = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const dotted = path === '' ? name : `${path}.${name}`;
      const declared = kinds?.get(dotted) ?? kind;
      if (names) leaves.push({ at: below, text: name, kind: undefined });
      if (isBinaryContent(inner, name, member)) continue;
      visit(member, below, dotted, declared, depth + 1);
    }
  };
  visit(value, '', '', undefined, 1);
  return { leaves, complete };
}
