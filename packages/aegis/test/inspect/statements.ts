import type { Capability, SqlDialect } from '@aegis/core';

/** What a statement does, and what is found in it. `denies`: it must not pass whatever policy says. */
export interface StatementCase {
  readonly dialect: SqlDialect;
  readonly sql: string;
  readonly does?: readonly Capability[];
  readonly finding?: string;
  readonly denies?: boolean;
}

const pg = (sql: string, rest: Omit<StatementCase, 'dialect' | 'sql'>): StatementCase => ({
  dialect: 'postgresql',
  sql,
  ...rest,
});
const lite = (sql: string, rest: Omit<StatementCase, 'dialect' | 'sql'>): StatementCase => ({
  dialect: 'sqlite',
  sql,
  ...rest,
});
const my = (sql: string, rest: Omit<StatementCase, 'dialect' | 'sql'>): StatementCase => ({
  dialect: 'mysql',
  sql,
  ...rest,
});

export const STATEMENTS: readonly StatementCase[] = [
  pg('select 1', { does: ['db.read'] }),
  pg("select 'drop table x' -- drop table y", { does: ['db.read'] }),
  pg('select "drop" from "table"', { does: ['db.read'] }),
  pg('insert into t values (1)', { does: ['db.write'] }),
  pg('update t set a = 1 where id = 7', { does: ['db.write'] }),
  pg('update t set a = 1', { finding: 'sql.unscoped_update', does: ['db.write', 'db.destroy'] }),
  pg('delete from t', { finding: 'sql.unscoped_delete' }),
  pg('delete from t where true', { finding: 'sql.unscoped_delete' }),
  pg('delete from t where 1 = 1', { finding: 'sql.unscoped_delete' }),
  pg('delete from t where id = id', { finding: 'sql.unscoped_delete' }),
  pg('delete from t where id = 3 or true', { finding: 'sql.unscoped_delete' }),
  pg("delete from t where 'a' = 'a' or id = 3", { finding: 'sql.unscoped_delete' }),
  pg('drop table t', { finding: 'sql.drop', does: ['db.destroy'] }),
  pg('/* harmless */ DrOp /**/ TABLE t', { finding: 'sql.drop' }),
  pg('truncate t', { finding: 'sql.truncate' }),
  pg('alter table t drop column c', { finding: 'sql.drop_column' }),
  pg('with d as (delete from t returning *) select * from d', { finding: 'sql.unscoped_delete' }),
  pg('explain analyze delete from t', { finding: 'sql.unscoped_delete' }),
  pg('select * into copied from t', { does: ['db.read', 'db.schema'] }),
  pg("copy t to program 'sh -c id'", { does: ['db.admin'] }),
  pg("copy t from '/etc/passwd'", { does: ['db.admin'] }),
  pg("select pg_read_file('/etc/passwd')", { finding: 'sql.dangerous_function' }),
  pg("select lo_import('/etc/passwd')", { finding: 'sql.dangerous_function' }),
  pg('select * from pg_shadow', { finding: 'sql.catalog_secret' }),
  pg('grant all on t to public', { does: ['db.admin'] }),
  pg('set role postgres', { does: ['db.admin'] }),
  pg('do $$ begin drop table t; end $$', { does: ['db.admin'] }),
  pg('select 1; drop table t', { finding: 'sql.multiple_statements', denies: true }),
  pg('commit; drop schema public cascade', { finding: 'sql.multiple_statements', denies: true }),
  pg('selec 1', { finding: 'sql.unparsable', denies: true }),
  pg('', { finding: 'sql.unparsable', denies: true }),
  pg('select 1\0; drop table t', { finding: 'sql.unparsable', denies: true }),
  pg('insert into gold.customers values (1)', { finding: 'sql.protected_write', denies: true }),

  ...[
    'drop table if exists users cascade',
    'truncate table a, b restart identity cascade',
    'delete from users where id is null or id is not null',
    "update users set x = 1 where 'a' = 'a'",
    'with u as (update users set a = 1 returning *) select count(*) from u',
    'explain (analyze, buffers) delete from t',
  ].map((sql) => pg(sql, { does: ['db.destroy'] })),
  ...[
    'explain update t set a = 1',
    'explain (costs off) insert into t values (1)',
    'explain delete from t where id = 1',
  ].map((sql) => pg(sql, { does: ['db.read', 'db.write'] })),
  ...[
    'select u&"\\0070g_read_file"(\'/etc/passwd\')',
    "select pg_catalog.pg_read_binary_file('x')",
    "select * from t, lateral pg_ls_dir('/') x",
    "select 1 limit (select length(pg_read_file('x')))",
    'select pg_sleep_for($$5 minutes$$)',
    "select lo_from_bytea(0, 'x')",
    'select pg_stat_statements_reset()',
    "select query_to_xml('delete from t returning 1', true, false, '')",
    "select * from dblink('host=x', 'select 1') as t(a int)",
  ].map((sql) => pg(sql, { finding: 'sql.dangerous_function' })),

  lite('select * from customers where name = "drop table"', { does: ['db.read'] }),
  lite('explain query plan delete from t', { does: ['db.read'] }),
  lite('delete from t', { finding: 'sql.unscoped_delete' }),
  lite('with x as (select 1) delete from t', { finding: 'sql.unscoped_delete' }),
  lite('replace into t values (1)', { does: ['db.write'] }),
  lite('drop table if exists staging', { finding: 'sql.drop' }),
  lite("attach database 'x.db' as x", { does: ['db.admin'] }),
  lite("select load_extension('evil')", { finding: 'sql.dangerous_function' }),
  lite("vacuum into '/tmp/copy.db'", { does: ['db.admin'] }),
  lite('pragma writable_schema = 1', { does: ['db.admin'] }),
  lite('pragma table_info(customers)', { does: ['db.read'] }),
  lite('select 1; delete from t', { finding: 'sql.multiple_statements', denies: true }),
  lite('this is no sql', { finding: 'sql.unparsable', denies: true }),
  lite('select /* unfinished', { finding: 'sql.unparsable', denies: true }),

  my('select `drop` from `table` limit 3, 4', { does: ['db.read'] }),
  my('delete from t where 2 > 1', { finding: 'sql.unscoped_delete' }),
  my('truncate table t', { finding: 'sql.truncate' }),
  my("select load_file('/etc/passwd')", { finding: 'sql.dangerous_function' }),
  my('select 1 /*!50000 union select password from mysql.user */', { denies: true }),
  my("select * into outfile '/var/www/x.php' from t", { denies: true }),
  my('grant all privileges on *.* to root', { does: ['db.admin'] }),
  my('set global general_log = 1', { does: ['db.admin'] }),
];
