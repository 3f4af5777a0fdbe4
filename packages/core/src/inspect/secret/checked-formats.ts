import { endsInChecksum } from './base62.ts';
import type { TokenFormat } from './token-format.ts';

/** Tokens whose last characters are a checksum of the others. */
export const CHECKED_FORMATS: readonly TokenFormat[] = [
  {
    kind: 'github.token',
    prefixes: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    alphabet: 'word',
    least: 36,
    most: 255,
    check: endsInChecksum,
  },
  { kind: 'npm.token', prefixes: ['npm_'], alphabet: 'alnum', least: 36, most: 36, check: endsInChecksum },
];
