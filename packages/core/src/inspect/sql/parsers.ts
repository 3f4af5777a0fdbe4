/**
 * The parsers of each dialect, handed in by the platform so that this package needs none. A parser
 * gives its own tree and throws when the text is not a statement of its dialect.
 */
export interface SqlParsers {
  /** PostgreSQL's own grammar: the raw parse tree of `libpg_query` as JSON (`{ stmts: [...] }`). */
  readonly postgresql: (text: string) => unknown;
  /** SQLite's own grammar (`parse.y`): statements in order, each with its `type`. */
  readonly sqlite: (text: string) => unknown;
  /** The MySQL dialect of `sqlparser-rs`: statements in order, each an object with one key, or a word. */
  readonly mysql: (text: string) => unknown;
}
