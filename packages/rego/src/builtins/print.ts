import { type Builtin, boolean, builtin } from './builtin.ts';

/** The compiler evaluates `print` itself, because its arguments may be undefined. */
export const PRINT: Builtin = { ...builtin('print', [], boolean, () => true), variadic: true };
