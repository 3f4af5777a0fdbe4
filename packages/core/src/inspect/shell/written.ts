import { isKnown, originsOf, type Stream } from './field.ts';
import { plainPath } from './place.ts';
import type { Scope } from './scope.ts';

/** What the line itself wrote to a file, if it did. */
export function contentOf(path: string, { files, folder }: Scope): Stream | undefined {
  return files.get(plainPath(path, folder).replace(/^\.\//, ''));
}

/**
 * Keeps what the line writes to a file, for the case that it runs it later. What may have been there before
 * and may still be there counts as well.
 */
export function keepContent(path: string, scope: Scope, content: Stream, append = false): void {
  if (!isKnown(path)) return;
  const before = contentOf(path, scope);
  const stays = append || scope.conditional > 0 || scope.parallel;
  const key = plainPath(path, scope.folder).replace(/^\.\//, '');
  scope.files.set(key, before === undefined || !stays ? content : both(before, content));
}

/** The known parts, one after the other: code that is run is at least they. */
function both(first: Stream, second: Stream): Stream {
  const texts = [first.text, second.text].filter((text) => text !== undefined);
  return { text: texts.length === 0 ? undefined : texts.join('\n'), from: originsOf(first, second) };
}
