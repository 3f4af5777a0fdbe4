import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Forger } from '../../../packages/aegis/test/bundle/forger.ts';
import { flipped } from './edit.ts';

/** What can be done to any file, without a change of bundle.json. */
export const FILE_DAMAGES: Readonly<Record<string, (forger: Forger, path: string) => unknown>> = {
  'with a bit flipped at its beginning': (forger, path) => forger.write(path, flipped(forger.bytes(path), 0)),
  'with a bit flipped in its middle': (forger, path) =>
    forger.write(path, flipped(forger.bytes(path), forger.bytes(path).length >> 1)),
  'with a bit flipped at its end': (forger, path) =>
    forger.write(path, flipped(forger.bytes(path), forger.bytes(path).length - 1)),
  'without its last byte': (forger, path) => forger.write(path, forger.bytes(path).subarray(0, -1)),
  'cut in half': (forger, path) => {
    const bytes = forger.bytes(path);
    forger.write(path, bytes.subarray(0, bytes.length >> 1));
  },
  'with one byte more': (forger, path) =>
    forger.write(path, Buffer.concat([forger.bytes(path), Buffer.of(10)])),
  emptied: (forger, path) => forger.write(path, ''),
  'that is not UTF-8': (forger, path) =>
    forger.write(path, Buffer.concat([Buffer.of(0xc0), forger.bytes(path)])),
  'after a byte order mark': (forger, path) =>
    forger.write(path, Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), forger.bytes(path)])),
  missing: (forger, path) => forger.remove(path),
  'that is a link': (forger, path) => {
    const place = join(forger.folder, path);
    const elsewhere = `${forger.folder}.elsewhere`;
    renameSync(place, elsewhere);
    symlinkSync(elsewhere, place);
  },
  'that is a folder': (forger, path) => {
    forger.remove(path);
    mkdirSync(join(forger.folder, path));
  },
};
