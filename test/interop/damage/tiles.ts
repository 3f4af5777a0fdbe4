import type { Forger } from '../../../packages/aegis/test/bundle/forger.ts';
import { type Damages, flipped } from './edit.ts';

const tile = (forger: Forger, pattern: RegExp): string => {
  const path = forger.files().find((one) => pattern.test(one));
  if (path === undefined) throw new Error(`no ${pattern.source}`);
  return path;
};

/** Hashes of the tree that are not those of the log. */
export const TILE_DAMAGES: Damages = {
  'a hash of a full tile changed': (forger) => {
    forger.write('tile/0/000', flipped(forger.bytes('tile/0/000'), 100));
    forger.agree();
  },
  'a hash of the right edge changed': (forger) => {
    const path = tile(forger, /^tile\/0\/.*\.p\//);
    forger.write(path, flipped(forger.bytes(path), 40));
    forger.agree();
  },
  'a hash above the leaves changed': (forger) => {
    const path = tile(forger, /^tile\/1\//);
    forger.write(path, flipped(forger.bytes(path), 0));
    forger.agree();
  },
  'a full tile cut': (forger) => {
    forger.write('tile/0/000', forger.bytes('tile/0/000').subarray(32));
    forger.agree();
  },
  'a full tile with a hash more': (forger) => {
    forger.write('tile/0/000', Buffer.concat([forger.bytes('tile/0/000'), Buffer.alloc(32)]));
    forger.agree();
  },
  'two tiles swapped': (forger) => {
    const [one, other] = [forger.bytes('tile/0/000'), forger.bytes('tile/0/001')];
    forger.write('tile/0/000', other);
    forger.write('tile/0/001', one);
    forger.agree();
  },
  'a full tile left out': (forger) => {
    forger.remove('tile/0/000');
    forger.agree();
  },
  'the right edge left out': (forger) => {
    forger.remove(tile(forger, /^tile\/0\/.*\.p\//));
    forger.agree();
  },
  'all tiles left out': (forger) => {
    forger.remove('tile');
    forger.agree();
  },
  'another root': (forger) => forger.agree({ root: '00'.repeat(32) }),
};
