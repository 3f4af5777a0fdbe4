import { type Damages, doubled, dropped, inLine, swapped } from './edit.ts';

/** Places in the log that are none. */
export const LEAF_DAMAGES: Damages = {
  'two leaves swapped': swapped('leaves', 50, 51),
  'a leaf dropped': dropped('leaves', 50),
  'a leaf twice': doubled('leaves', 50),
  'a leaf with a leading zero': inLine('leaves', 50, (text) => `0${text}`),
  'a leaf with a sign': inLine('leaves', 50, (text) => `+${text}`),
  'a leaf in other digits': inLine('leaves', 50, () => '٥٠'),
  'a leaf beyond the log': inLine('leaves', -1, (text) => `${text}0`),
  'a leaf of 17 digits': inLine('leaves', 50, () => '1'.repeat(17)),
  'a leaf that is empty': inLine('leaves', 50, () => ''),
  'leaves that do not end': (forger) => {
    forger.write('leaves', forger.bytes('leaves').subarray(0, -1));
    forger.agree();
  },
};
