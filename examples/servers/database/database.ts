import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';

export type Cell = string | number | null;
export type Row = Record<string, Cell>;

export interface Table {
  readonly name: string;
  readonly columns: string[];
  readonly rows: number;
}

export interface Rows {
  readonly columns: string[];
  readonly rows: Row[];
  /** Whether there were more rows than `MAX_ROWS`. */
  readonly truncated: boolean;
}

/** An open database. Every function throws the engine's own error on bad SQL. */
export interface Database {
  tables(): Table[];
  /** Runs one statement on a read-only connection. */
  query(sql: string): Rows;
  /** Runs whatever it is given, any number of statements, and counts the rows that they changed. */
  execute(sql: string): { readonly changes: number };
  exportTable(table: string, columns?: readonly string[]): Rows;
  close(): void;
}

/** How many rows one answer carries at most. */
export const MAX_ROWS = 1000;

/** Opens an existing SQLite file; throws when there is none. */
export function openDatabase(file: string): Database {
  const reader = new DatabaseSync(file, { readOnly: true });
  const writer = new DatabaseSync(file);

  const columnsOf = (table: string): string[] =>
    reader
      .prepare('SELECT name FROM pragma_table_info(?)')
      .all(table)
      .map(({ name }) => String(name));

  return {
    tables: () =>
      reader
        .prepare(
          `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`,
        )
        .all()
        .map((row) => {
          const name = String(row.name);
          const count = reader.prepare(`SELECT count(*) AS rows FROM ${quoted(name)}`).get();
          return { name, columns: columnsOf(name), rows: Number(count?.rows) };
        }),

    query: (sql) => read(reader.prepare(sql)),

    execute: (sql) => {
      const before = totalChanges(writer);
      writer.exec(sql);
      return { changes: totalChanges(writer) - before };
    },

    exportTable: (table, columns) => {
      const known = columnsOf(table);
      if (known.length === 0) throw new Error(`unknown table \`${table}\``);
      const chosen = columns ?? known;
      const unknown = chosen.find((column) => !known.includes(column));
      if (unknown !== undefined) throw new Error(`unknown column \`${unknown}\` in table \`${table}\``);
      return read(reader.prepare(`SELECT ${chosen.map(quoted).join(', ')} FROM ${quoted(table)}`));
    },

    close: () => {
      reader.close();
      writer.close();
    },
  };
}

function read(statement: StatementSync): Rows {
  const rows: Row[] = [];
  let truncated = false;
  for (const row of statement.iterate()) {
    if (rows.length === MAX_ROWS) {
      truncated = true;
      break;
    }
    rows.push(Object.fromEntries(Object.entries(row).map(([column, value]) => [column, cell(value)])));
  }
  return { columns: statement.columns().map(({ name }) => name), rows, truncated };
}

/** JSON has neither integers beyond 2^53 nor bytes: those become text, decimal and hex. */
function cell(value: SQLOutputValue): Cell {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return value;
}

function totalChanges(connection: DatabaseSync): number {
  return Number(connection.prepare('SELECT total_changes() AS changes').get()?.changes);
}

/** An SQL identifier, quoted so that its content cannot end it. */
function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
