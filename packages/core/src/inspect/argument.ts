import type { ArgumentKind } from '../manifest/manifest.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';

/** Most values of one call that are looked at, and how deep: more is a finding. */
export const MAX_ARGUMENTS = 10_000;
export const MAX_ARGUMENT_DEPTH = 64;

/** One scalar of the arguments. */
export interface Argument {
  /** RFC 6901 JSON pointer. */
  readonly at: string;
  /** The nearest key above it. */
  readonly key: string;
  readonly value: string | number | boolean | null;
  /** What the manifest says that it is; undefined when it says nothing. */
  readonly kind: ArgumentKind | undefined;
}

/**
 * Every scalar of the arguments, in order; undefined when there are too many or they are nested too
 * deeply. A kind that is declared for a list or a table holds for everything in it.
 */
export function argumentsOf(
  args: JsonObject,
  kinds: ReadonlyMap<string, ArgumentKind> | undefined,
): readonly Argument[] | undefined {
  const found: Argument[] = [];
  const visit = (
    value: JsonValue,
    at: string,
    path: string,
    key: string,
    kind: ArgumentKind | undefined,
    depth: number,
  ): boolean => {
    if (depth > MAX_ARGUMENT_DEPTH || found.length >= MAX_ARGUMENTS) return false;
    if (value === null || typeof value !== 'object') {
      found.push({ at, key, value, kind });
      return true;
    }
    if (Array.isArray(value)) {
      return value.every((item: JsonValue, index) =>
        visit(item, `${at}/${index}`, path, key, kind, depth + 1),
      );
    }
    return Object.entries(value as JsonObject).every(([name, item]) => {
      const below = path === '' ? name : `${path}.${name}`;
      const pointer = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      return visit(item, pointer, below, name, kinds?.get(below) ?? kind, depth + 1);
    });
  };
  return visit(args, '', '', '', undefined, 0) ? found : undefined;
}
