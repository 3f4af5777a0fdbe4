/** A lexical token of a program. Comments and white space are none. */
export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'regex' | 'punctuator';
  /** As written. */
  readonly text: string;
  /** Offset in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** Whether a line break stands before it. */
  readonly onNewLine: boolean;
  /** What a string is, without quotes and escapes; `HOLE` where an expression stands in it. */
  readonly value?: string;
  /** The expressions in a string, each by itself. */
  readonly holes?: readonly (readonly Token[])[];
}

/** Stands for the value of an expression in a text: U+FFFC, which no program writes. */
export const HOLE = '\uFFFC';

/** The languages whose programs are taken apart here. */
export const CODE_LANGUAGES = ['javascript', 'python', 'go'] as const;
export type CodeLanguage = (typeof CODE_LANGUAGES)[number];
