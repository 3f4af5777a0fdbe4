import { printable } from './printable.ts';

/** Where in a file: line and column count from 1; absent when the file could not be read at all. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing wrong with a file that a person wrote. All of a file's diagnostics are reported at once. */
export interface Diagnostic {
  /** Stable, kebab case: `unknown-key`, `bad-pattern`, `duplicate-name`. */
  readonly code: string;
  /** Lower case, no final period, input in backticks. */
  readonly message: string;
  readonly at: Position;
  readonly help?: string;
}

/** Sorts by file, line, column; stable for equal positions. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : 0) ||
      a.at.line - b.at.line ||
      a.at.column - b.at.column,
  );
}

/** `file:line:column: message` with the help on a line of its own. */
export function formatDiagnostic({ at, message, help }: Diagnostic): string {
  const line = printable(`${at.file}:${at.line}:${at.column}: ${message}`);
  return help === undefined ? line : `${line}\n  help: ${printable(help)}`;
}

/** All of them under one line that counts them: `the policy has 2 errors`. */
export function formatDiagnostics(what: string, diagnostics: readonly Diagnostic[]): string {
  const count = diagnostics.length === 1 ? '1 error' : `${diagnostics.length} errors`;
  return [`${what} has ${count}`, ...diagnostics.map(formatDiagnostic)].join('\n');
}
