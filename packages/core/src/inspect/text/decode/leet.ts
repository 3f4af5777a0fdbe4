import type { Decoder } from './decoder.ts';

/** Letters written as the digits and signs that look like them. */
export const decodeLeet: Decoder = ({ text, origins }) => {
  return AS_I_AND_AS_L.map((letters) => ({
    text: text.replaceAll(SIGN, (sign) => letters.get(sign) ?? sign),
    origins,
  }));
};

const SIGN = /[0134578@$!|]/g;
const LETTERS: readonly (readonly [string, string])[] = [
  ['0', 'o'],
  ['3', 'e'],
  ['4', 'a'],
  ['5', 's'],
  ['7', 't'],
  ['8', 'b'],
  ['@', 'a'],
  ['$', 's'],
];
const AS_I_AND_AS_L = ['i', 'l'].map((one) => new Map([...LETTERS, ['1', one], ['!', 'i'], ['|', 'l']]));
