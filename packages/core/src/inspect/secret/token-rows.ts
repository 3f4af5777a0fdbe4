import type { TokenFormat } from './token-format.ts';

/** A token that a prefix and a length tell apart; prefixes stand between blanks. */
export type TokenRow = readonly [
  kind: string,
  prefixes: string,
  alphabet: TokenFormat['alphabet'],
  least: number,
  most?: number,
];

/** The formats of rows. */
export function tokensOf(list: readonly TokenRow[]): readonly TokenFormat[] {
  return list.map(([kind, prefixes, alphabet, least, most = least]) => ({
    kind,
    prefixes: prefixes.split(' '),
    alphabet,
    least,
    most,
  }));
}
