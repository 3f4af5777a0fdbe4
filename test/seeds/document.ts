import { existsSync, readdirSync, readFileSync } from 'node:fs';

// Documents that describe such a system, with what they print. They are read, never kept: they lie beside the
// repository where they are there at all.
const FOLDER = new URL('../../../shared/seeds/', import.meta.url);

export const present = existsSync(FOLDER);

/** What becomes of something that is printed. */
type Becomes =
  /** It works as it is printed, and does what is said of it. */
  | { readonly kind: 'runs'; readonly run: (printed: string) => Promise<void> }
  /** It is deliberately otherwise; what there is in its place is run. */
  | { readonly kind: 'differs'; readonly why: string; readonly run: (printed: string) => Promise<void> }
  /** It is not there; `isThere` says so on the day it is. */
  | { readonly kind: 'missing'; readonly isThere: (printed: string) => boolean | Promise<boolean> };

/** A configuration, a command or a request as it stands in a document. */
export interface Printed {
  readonly what: string;
  /** Finds it. */
  readonly found: RegExp;
  /** Which requirement it shows. */
  readonly requirement: string;
  readonly becomes: Becomes;
}

export interface PrintedDocument {
  readonly name: string;
  /** A line that no other document has. */
  readonly known: string;
  readonly printed: readonly Printed[];
}

/** The text of a document. Throws when there is none, or several. */
export function textOf({ known }: Pick<PrintedDocument, 'known'>): string {
  const texts = readdirSync(FOLDER).map((file) => readFileSync(new URL(file, FOLDER), 'utf8'));
  const [text, ...others] = texts.filter((one) => one.includes(known));
  if (text === undefined || others.length > 0) throw new Error(`not one document has \`${known}\``);
  return text;
}

/** A piece of a text. Throws when nothing is found. */
export function pieceOf(text: string, found: RegExp): string {
  const piece = found.exec(text)?.[0];
  if (piece === undefined) throw new Error(`nothing matches ${found}`);
  return piece;
}
