import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';

type Row = Record<string, SQLOutputValue>;

/** A table of a ledger's file, as it was before anybody changed it. */
export interface Table {
  readonly name: string;
  /** Columns by which its rows are named. */
  readonly key: readonly string[];
  readonly columns: readonly string[];
  /** By columns that must differ together. */
  readonly unique: readonly (readonly string[])[];
  /** The first and the last, and of many one between. */
  readonly rows: readonly Row[];
}

/** One change behind the program's back. */
export interface Mutation {
  /** `table.column`, or the table where it is about whole rows. */
  readonly column: string;
  readonly name: string;
  /** The table that has to take values which it does not take. */
  readonly loosens?: string;
  readonly statements: readonly { readonly sql: string; readonly values: readonly SQLOutputValue[] }[];
}

/** Of tables with more rows one in the middle is changed, too. */
const FEW_ROWS = 8;

export function tablesOf(db: DatabaseSync): readonly Table[] {
  const names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  return names.map(({ name }) => tableOf(db, String(name)));
}

function tableOf(db: DatabaseSync, name: string): Table {
  const info = db.prepare(`PRAGMA table_info(${name})`).all();
  const columns = info.map((column) => String(column['name']));
  const key = info.filter(({ pk }) => Number(pk) > 0).map((column) => String(column['name']));
  const indexes = db.prepare(`PRAGMA index_list(${name})`).all();
  const unique = indexes
    .filter((index) => index['unique'] === 1)
    .map((index) =>
      db
        .prepare(`PRAGMA index_info(${String(index['name'])})`)
        .all()
        .map((column) => String(column['name'])),
    );
  const statement = db.prepare(`SELECT * FROM ${name} ORDER BY ${key.join(', ')}`);
  const all = statement.all();
  const middle = all.length > FEW_ROWS ? [all.length >> 1] : [];
  const picked = new Set([0, ...middle, all.length - 1]);
  return { name, key, columns, unique: [key, ...unique], rows: all.filter((_, i) => picked.has(i)) };
}

/** Every change of one value, of two values that change places, and of rows. */
export function* mutationsOf(table: Table): Generator<Mutation> {
  for (const column of table.columns) {
    for (const row of table.rows) {
      for (const [what, value] of otherValues(row[column])) {
        if (value === null && table.key.includes(column)) continue;
        yield set(table, column, row, what, value);
      }
      const other = table.rows.find((one) => differ(table, column, one, row));
      if (other !== undefined) yield swap(table, column, row, other);
    }
  }
  for (const row of table.rows) {
    const { name } = table;
    const where = whereOf(table, row);
    const statements = [{ ...where, sql: `DELETE FROM ${name} ${where.sql}` }];
    yield { column: name, name: `${nameOf(table, row)} deleted`, statements };
    yield inserted(table, row);
  }
}

function otherValues(value: SQLOutputValue | undefined): readonly (readonly [string, SQLOutputValue])[] {
  const others: (readonly [string, SQLOutputValue])[] = [];
  if (value !== null) others.push(['nothing', null]);
  if (typeof value === 'number')
    others.push(['one more', value + 1], ['one less', value - 1], ['far away', 4_000_000_000]);
  if (typeof value === 'string') others.push(['longer', `${value}x`]);
  if (typeof value === 'string' && value !== '') others.push(['empty', '']);
  if (value instanceof Uint8Array) {
    const flipped = Uint8Array.from(value, (byte, i) => (i === 0 ? byte ^ 1 : byte));
    others.push(['one bit', flipped], ['shorter', value.slice(1)]);
  }
  if (value === null) others.push(['something', 1]);
  return others;
}

function set(table: Table, column: string, row: Row, what: string, value: SQLOutputValue): Mutation {
  const where = whereOf(table, row);
  const sql = `UPDATE OR IGNORE ${table.name} SET ${column} = ? ${where.sql}`;
  const statements = [{ sql, values: [value, ...where.values] }];
  const loosens = value === null ? { loosens: table.name } : {};
  return { column: `${table.name}.${column}`, name: `${nameOf(table, row)} ${what}`, ...loosens, statements };
}

/** Takes both rows out, so that nothing that must be unique is in the way. */
function swap(table: Table, column: string, one: Row, other: Row): Mutation {
  const [a, b] = [
    { ...one, [column]: other[column] ?? null },
    { ...other, [column]: one[column] ?? null },
  ];
  const statements = [one, other].map((row) => {
    const where = whereOf(table, row);
    return { sql: `DELETE FROM ${table.name} ${where.sql}`, values: where.values };
  });
  return {
    column: `${table.name}.${column}`,
    name: `${nameOf(table, one)} changes places with ${nameOf(table, other)}`,
    statements: [...statements, insertOf(table, a), insertOf(table, b)],
  };
}

/** A copy of a row, which differs where it has to. */
function inserted(table: Table, row: Row): Mutation {
  const copy: Row = { ...row };
  for (const columns of table.unique) {
    const column = columns.at(-1) ?? '';
    if (!same(copy[column], row[column])) continue;
    const value = row[column];
    copy[column] =
      typeof value === 'number' ? value + 100_000 : typeof value === 'string' ? `${value}x` : flip(value);
  }
  return {
    column: table.name,
    name: `${nameOf(table, row)} there twice`,
    statements: [insertOf(table, copy)],
  };
}

function flip(value: SQLOutputValue | undefined): SQLOutputValue {
  return value instanceof Uint8Array ? Uint8Array.from(value, (byte) => byte ^ 1) : null;
}

function insertOf({ name, columns }: Table, row: Row): Mutation['statements'][number] {
  const sql = `INSERT OR IGNORE INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
  return { sql, values: columns.map((column) => row[column] ?? null) };
}

function whereOf(
  { key }: Table,
  row: Row,
): { readonly sql: string; readonly values: readonly SQLOutputValue[] } {
  return {
    sql: `WHERE ${key.map((column) => `${column} = ?`).join(' AND ')}`,
    values: key.map((column) => row[column] ?? null),
  };
}

function nameOf({ key }: Table, row: Row): string {
  return key
    .map((column) =>
      row[column] instanceof Uint8Array
        ? Buffer.from(row[column]).toString('hex').slice(0, 8)
        : String(row[column]),
    )
    .join('/');
}

/** Whether two rows are others when their values in a column have changed places. */
function differ({ columns }: Table, column: string, one: Row, other: Row): boolean {
  const isOther = (name: string): boolean => !same(one[name], other[name]);
  return isOther(column) && columns.some((name) => name !== column && isOther(name));
}

function same(one: SQLOutputValue | undefined, other: SQLOutputValue | undefined): boolean {
  return one instanceof Uint8Array && other instanceof Uint8Array
    ? Buffer.compare(one, other) === 0
    : one === other;
}
