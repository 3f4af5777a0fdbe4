import type { JsonObject, JsonValue } from '../../../model/json.ts';
import {
  foundAdmin,
  foundDrop,
  foundDropColumn,
  foundFile,
  foundSession,
  foundTruncate,
  foundUnscoped,
  found,
  type SqlEffects,
} from '../effects.ts';
import { isScoped } from '../scope.ts';
import { conditionOf } from './condition.ts';
import { child, items, type Node, strings, text, unwrap } from './tree.ts';

/** Where in a statement the walk is. */
export interface Context {
  /** Whether a table named here is read or is what the statement writes. */
  readonly tables: 'read' | 'written';
  /** False below an EXPLAIN that only plans. */
  readonly runs: boolean;
}

const READ_KEYS: ReadonlySet<string> = new Set(['fromClause', 'usingClause', 'sourceRelation', 'constrrel']);
const WRITE_KEYS: ReadonlySet<string> = new Set(['intoClause', 'into']);

/** The context below a key. */
export function contextOf(key: string, held: JsonValue, context: Context): Context {
  if (key === 'ExplainStmt') return { tables: 'read', runs: context.runs && analyzes(held as JsonObject) };
  if (!context.runs) return context;
  if (READ_KEYS.has(key) || READING.has(key)) return { ...context, tables: 'read' };
  if (key === 'CopyStmt')
    return { ...context, tables: (held as JsonObject)['is_from'] === true ? 'written' : 'read' };
  if (WRITE_KEYS.has(key) || /^[A-Z]\w*Stmt$/.test(key)) return { ...context, tables: 'written' };
  return context;
}

const READING: ReadonlySet<string> = new Set(['SelectStmt', 'VariableShowStmt']);

const SCHEMA: ReadonlySet<string> = new Set([
  ...[
    'CreateStmt',
    'CreateTableAsStmt',
    'ViewStmt',
    'IndexStmt',
    'AlterTableStmt',
    'RenameStmt',
    'CommentStmt',
  ],
  ...['CreateSchemaStmt', 'CreateEnumStmt', 'AlterEnumStmt', 'CompositeTypeStmt', 'CreateDomainStmt'],
  ...[
    'AlterDomainStmt',
    'CreateRangeStmt',
    'DefineStmt',
    'CreateSeqStmt',
    'AlterSeqStmt',
    'CreateFunctionStmt',
  ],
  ...[
    'AlterFunctionStmt',
    'CreateTrigStmt',
    'RuleStmt',
    'CreateStatsStmt',
    'AlterStatsStmt',
    'AlterTypeStmt',
  ],
  ...['AlterObjectSchemaStmt', 'AlterObjectDependsStmt', 'CreateOpClassStmt', 'CreateOpFamilyStmt'],
  ...[
    'AlterOpFamilyStmt',
    'AlterOperatorStmt',
    'CreateCastStmt',
    'CreateConversionStmt',
    'AlterCollationStmt',
  ],
  ...['AlterTSDictionaryStmt', 'AlterTSConfigurationStmt', 'SecLabelStmt', 'ReplicaIdentityStmt'],
]);

const SESSION: ReadonlySet<string> = new Set([
  ...['TransactionStmt', 'VariableSetStmt', 'PrepareStmt', 'ExecuteStmt', 'DeallocateStmt', 'DiscardStmt'],
  ...['LockStmt', 'DeclareCursorStmt', 'FetchStmt', 'ClosePortalStmt', 'ListenStmt', 'NotifyStmt'],
  ...['UnlistenStmt', 'ConstraintsSetStmt'],
]);

/**
 * Judges one statement node, outermost or nested. A kind of statement that is not listed here
 * administers the server: roles, grants, extensions, foreign servers, routines called, and what later
 * versions of PostgreSQL bring.
 */
export function judgeStatement(type: string, node: Node, context: Context, effects: SqlEffects): void {
  if (!context.runs) return;
  switch (type) {
    case 'SelectStmt':
      return judgeSelect(node, effects);
    case 'VariableShowStmt':
      effects.capabilities.add('db.read');
      return;
    case 'ExplainStmt':
      effects.capabilities.add('db.read');
      // The planner calls functions that are not volatile, and a plan of a write asks for the right to write.
      if (child(node, 'query')?.['SelectStmt'] === undefined) effects.capabilities.add('db.write');
      return;
    case 'InsertStmt':
      return judgeWrite(node, effects);
    case 'UpdateStmt':
    case 'DeleteStmt':
      judgeWrite(node, effects);
      judgeScope(type === 'UpdateStmt' ? 'update' : 'delete', node['whereClause'], effects);
      return;
    case 'MergeStmt':
      return judgeMerge(node, effects);
    case 'RefreshMatViewStmt':
      effects.capabilities.add('db.write');
      return;
    case 'CopyStmt':
      return judgeCopy(node, effects);
    case 'TruncateStmt':
      return foundTruncate(effects);
    case 'DropStmt':
      return judgeDrop(node, effects);
    case 'AlterTableStmt':
      judgeAlterTable(node, effects);
      break;
    case 'CreateFunctionStmt':
      judgeRoutine(node, effects);
      break;
    default:
      break;
  }
  if (SCHEMA.has(type)) effects.capabilities.add('db.schema');
  else if (SESSION.has(type)) foundSession(effects, keywords(type));
  else {
    if (type.startsWith('Drop')) foundDrop(effects, keywords(type).replace('drop ', ''));
    foundAdmin(effects, keywords(type));
  }
}

/** `AlterRoleSetStmt` as `alter role set`. */
function keywords(type: string): string {
  return type
    .replace(/Stmt$/, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

function judgeSelect(node: Node, effects: SqlEffects): void {
  // VALUES of an INSERT are a SelectStmt too, and read nothing.
  if (node['valuesLists'] === undefined || node['fromClause'] !== undefined)
    effects.capabilities.add('db.read');
  if (node['lockingClause'] !== undefined) effects.capabilities.add('db.write');
  if (node['intoClause'] !== undefined) {
    found(effects, {
      id: 'sql.select_into',
      severity: 'medium',
      message: '`select into` creates a table',
      capability: 'db.schema',
    });
  }
}

function judgeWrite(node: Node, effects: SqlEffects): void {
  effects.capabilities.add('db.write');
  if (node['returningClause'] !== undefined || node['returningList'] !== undefined)
    effects.capabilities.add('db.read');
}

function judgeScope(verb: 'update' | 'delete', condition: JsonValue | undefined, effects: SqlEffects): void {
  if (condition === undefined || !isScoped(conditionOf(condition))) foundUnscoped(effects, verb);
}

function judgeMerge(node: Node, effects: SqlEffects): void {
  judgeWrite(node, effects);
  const condition = node['joinCondition'];
  for (const clause of items(node, 'mergeWhenClauses')) {
    const command = text(unwrap(clause)?.fields, 'commandType');
    if (command === 'CMD_DELETE') judgeScope('delete', condition, effects);
    if (command === 'CMD_UPDATE') judgeScope('update', condition, effects);
  }
}

function judgeCopy(node: Node, effects: SqlEffects): void {
  effects.capabilities.add(node['is_from'] === true ? 'db.write' : 'db.read');
  if (node['is_program'] === true) {
    found(effects, {
      id: 'sql.copy_program',
      severity: 'critical',
      message: '`copy` runs a program on the server',
      capability: 'db.admin',
    });
  } else if (node['filename'] !== undefined) foundFile(effects, '`copy`');
}

function judgeDrop(node: Node, effects: SqlEffects): void {
  const kind = text(node, 'removeType').replace('OBJECT_', '').toLowerCase().replaceAll('_', ' ');
  for (const object of items(node, 'objects')) {
    const wrapped = unwrap(object);
    const names = wrapped?.type === 'List' ? strings(items(wrapped.fields, 'items')) : strings([object]);
    const name = names.join('.').toLowerCase();
    if (name !== '') effects.writes.add(kind === 'schema' ? `${name}.*` : name);
  }
  foundDrop(effects, `a ${kind}`);
}

/** Subcommands that change who may see or change what. */
const ACCESS_COMMANDS =
  /^AT_(?:ChangeOwner|(?:No)?(?:Enable|Disable|Force)?RowSecurity|(?:En|Dis)able(?:Trig|Rule))/;

function judgeAlterTable(node: Node, effects: SqlEffects): void {
  for (const command of items(node, 'cmds')) {
    const subtype = text(unwrap(command)?.fields, 'subtype');
    if (subtype === 'AT_DropColumn') foundDropColumn(effects);
    if (ACCESS_COMMANDS.test(subtype)) foundAdmin(effects, 'alter table access');
  }
}

/** Languages whose routines stay inside the database. */
const CONTAINED: ReadonlySet<string> = new Set(['sql', 'plpgsql']);

function judgeRoutine(node: Node, effects: SqlEffects): void {
  for (const option of items(node, 'options')) {
    const fields = unwrap(option)?.fields;
    if (text(fields, 'defname') !== 'language') continue;
    const language = text(child(child(fields, 'arg'), 'String'), 'sval').toLowerCase();
    if (!CONTAINED.has(language)) foundAdmin(effects, 'create function outside sql and plpgsql');
  }
}

function analyzes(explain: Node): boolean {
  return items(explain, 'options').some((option) => {
    const fields = unwrap(option)?.fields;
    if (text(fields, 'defname').toLowerCase() !== 'analyze') return false;
    const arg = unwrap(fields?.['arg']);
    if (arg === undefined) return true;
    const off =
      arg.type === 'String'
        ? /^(?:off|false|0)$/i.test(text(arg.fields, 'sval'))
        : arg.fields['ival'] === undefined && arg.fields['boolval'] !== true;
    return !off;
  });
}
