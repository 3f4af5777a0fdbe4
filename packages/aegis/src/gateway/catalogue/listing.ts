import type { CatalogueEntry } from './entry.ts';

/**
 * What a client is shown of a list: the entries that it may see, each name once. Of a tool that a route
 * brings to several servers it is the first one visible, and none where none is.
 */
export function shownOf(
  entries: readonly CatalogueEntry[],
  visible: (entry: CatalogueEntry) => boolean,
): readonly CatalogueEntry[] {
  const shown: CatalogueEntry[] = [];
  // The list is sorted by name, so equal names are neighbours.
  for (const entry of entries) {
    if (shown.at(-1)?.exposed !== entry.exposed && visible(entry)) shown.push(entry);
  }
  return shown;
}
