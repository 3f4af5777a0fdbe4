/** A function of the schema. What is stored is compared with it: one that was replaced is found. */
export interface SchemaFunction {
  readonly name: string;
  /** Its parameters, with their types. */
  readonly parameters: string;
  readonly returns: string;
  readonly body: string;
}

/** Raised by a guard: a change of what is append-only. */
export const APPEND_ONLY = `RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'AE001'`;

/** Raised to refuse one request, in words that a person may read. */
export const REFUSED = `USING ERRCODE = 'AE002'`;
