import { type TileCoordinate, TILE_HASHES, tilePath, tileWidth } from '../log/tile.ts';

/** The files that `bundle.json` names in every bundle. */
export const REQUIRED_FILES = ['events.jsonl', 'installation.json', 'keys', 'leaves'] as const;

/** The files that it does not name: cosignatures may be added to the notes. */
export const UNLISTED_FILES = ['bundle.json', 'checkpoint', 'checkpoint.installation'] as const;

/** Sealed values, in a bundle that was exported with them. */
export const BLOBS_FILE = 'blobs.jsonl';

const OTHER_FILES: ReadonlySet<string> = new Set([...REQUIRED_FILES, BLOBS_FILE]);

/**
 * Whether `bundle.json` may name a path.
 *
 * SECURITY: no other path is ever opened, so none leads out of the bundle.
 */
export function isBundlePath(path: string, size: number): boolean {
  return OTHER_FILES.has(path) || SCHEMA.test(path) || parseTilePath(path, size) !== undefined;
}

const SCHEMA = /^schema\/[A-Z][A-Z_]{0,63}\.json$/;
const TILE = /^tile\/(0|[1-9])\/((?:x[0-9]{3}\/){0,4}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/** The tile of a tree of `size` leaves that a path names; undefined when it names none. */
export function parseTilePath(path: string, size: number): TileCoordinate | undefined {
  const [, level, digits, width] = TILE.exec(path) ?? [];
  if (level === undefined || digits === undefined) return undefined;
  const coordinate = {
    level: Number(level),
    n: Number(digits.replace(/[x/]/g, '')),
    width: width === undefined ? TILE_HASHES : Number(width),
  };
  const { n } = coordinate;
  const fits = tileWidth(coordinate.level, n, size) === coordinate.width;
  return fits && tilePath(coordinate.level, n, coordinate.width) === path ? coordinate : undefined;
}
