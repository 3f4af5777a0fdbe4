/** A number that a state gives to a person: how it is written and how it proves itself. */
export interface NationalId {
  /** The country (ISO 3166-1 alpha-2 in lower case) and what its people call the number: `gb.nino`. */
  readonly of: string;
  /** How many characters it can have without separators. */
  readonly lengths: readonly number[];
  /** The number without separators, in upper case; anchored at both ends. */
  readonly shape: RegExp;
  /** Whether its digits agree with each other. Given only what `shape` takes. */
  readonly check?: (compact: string) => boolean;
  /**
   * Set where next to nothing proves it, such as one check digit of plain digits that few people have: it counts only
   * beside a word of its own, divided as it is written, or in a spelling that nothing else has.
   */
  readonly weak?: true;
  /** How its digits stand together where they are divided, alternatives behind `|`: `3-3-2`. Empty: never. */
  readonly groups?: string;
  /** The spellings that nothing else has; in every other one a word beside the number must say what it is. */
  readonly alone?: RegExp;
  /** Such words: alternatives of a pattern, in whatever language. */
  readonly words: string;
}
