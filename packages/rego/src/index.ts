export { compile, type CompileOptions, type Compiled, type Module, type Source } from './compile.ts';
export type { Diagnostic, DiagnosticCode, Position } from './diagnostic.ts';
export type { Evaluation, EvaluationOptions, Printed, Query } from './query.ts';
export { type Budget, DEFAULT_BUDGET } from './evaluate/meter.ts';
export type { HashFunctions } from './builtins/builtin.ts';
export { BUILTIN_NAMES } from './builtins/all.ts';
export { type JsonValue, JsonSyntaxError, parseJson } from './value/json.ts';
export type { Value } from './value/value.ts';
