/**
 * The first of `written` that a protected pattern covers. A pattern is `schema.*`, `schema.table` or
 * `table`; names compare without case.
 *
 * SECURITY: a name without a schema may stand for any schema's table (`search_path`), so `gold.orders`
 * also covers `orders`.
 */
export function protectedTable(written: Iterable<string>, patterns: readonly string[]): string | undefined {
  if (patterns.length === 0) return undefined;
  const rules = patterns.map((pattern) => splitName(pattern.toLowerCase()));
  for (const name of written) {
    const { schema, table } = splitName(name);
    const covered = rules.some(
      (rule) =>
        (rule.schema === undefined ||
          schema === rule.schema ||
          (schema === undefined && rule.table !== '*')) &&
        (rule.table === '*' || table === '*' || table === rule.table),
    );
    if (covered) return name;
  }
  return undefined;
}

function splitName(name: string): { schema: string | undefined; table: string } {
  const dot = name.lastIndexOf('.');
  if (dot === -1) return { schema: undefined, table: name };
  // `database.schema.table`: the database part does not tell two tables of one connection apart.
  const schema = name.slice(name.lastIndexOf('.', dot - 1) + 1, dot);
  return { schema, table: name.slice(dot + 1) };
}
