/** Characters that the body of a token is made of. */
export type Alphabet = 'alnum' | 'word' | 'dashed' | 'hex' | 'base64' | 'upper' | 'lower' | 'dotted' | 'uuid';

/** A token that says by its beginning what it is. */
export interface TokenFormat {
  readonly kind: string;
  readonly prefixes: readonly string[];
  readonly alphabet: Alphabet;
  /** Fewest and most characters after the prefix. */
  readonly least: number;
  readonly most: number;
  /** Whether the body proves itself. */
  readonly check?: (body: string) => boolean;
  /** What the body must contain or look like besides. */
  readonly shape?: RegExp;
  /** Least entropy of the body, in bits per character; 2.8 when absent. */
  readonly entropy?: number;
}
