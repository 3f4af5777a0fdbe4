/** A place in a policy file; line and column count from 1, columns in UTF-16 units. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * The code of a load error. Those that OPA has bear OPA's name; `rego_unsupported` marks Rego that is
 * valid but outside the subset.
 */
export type DiagnosticCode =
  | 'rego_parse_error'
  | 'rego_compile_error'
  | 'rego_type_error'
  | 'rego_unsafe_var_error'
  | 'rego_recursion_error'
  | 'rego_unsupported';

/** Why a policy was refused, and where. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly at: Position;
  readonly help?: string;
}

/** Collects load errors; the text of a help is given only where there is advice. */
export type Report = (code: DiagnosticCode, message: string, at: Position, help?: string) => void;

export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      compareText(a.at.file, b.at.file) ||
      a.at.line - b.at.line ||
      a.at.column - b.at.column ||
      compareText(a.message, b.message),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
