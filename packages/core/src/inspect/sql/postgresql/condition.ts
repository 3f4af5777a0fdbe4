import { isJsonObject, type JsonValue } from '../../../model/json.ts';
import {
  all,
  any,
  between,
  type Comparison,
  call,
  column,
  compare,
  type Expression,
  literal,
  not,
  oneOf,
} from '../expression.ts';
import { outerColumns } from '../outer-columns.ts';
import { child, items, type Node, strings, text, unwrap } from './tree.ts';

/** The shared form of a PostgreSQL expression. Unknown nodes become calls of what they hold. */
export function conditionOf(value: JsonValue | undefined): Expression {
  const node = unwrap(value);
  if (node === undefined) return call('nothing', []);
  const { type, fields } = node;
  switch (type) {
    case 'A_Const':
      return constantOf(fields);
    case 'ColumnRef':
      return columnOf(fields);
    case 'ParamRef':
      return call('parameter', []);
    case 'BoolExpr':
      return booleanOf(fields);
    case 'A_Expr':
      return operationOf(fields);
    case 'NullTest': {
      const isNull = compare('same', conditionOf(fields['arg']), literal(null));
      return text(fields, 'nulltesttype') === 'IS_NULL' ? isNull : not(isNull);
    }
    case 'BooleanTest':
      return truthTestOf(fields);
    case 'TypeCast':
    case 'CollateClause':
      return conditionOf(fields['arg']);
    case 'SubLink':
      return subqueryOf(fields);
    case 'CurrentOfExpr':
      return column('current of');
    default:
      return call(`${type} ${strings(items(fields, 'funcname')).join('.')}`.trim(), childrenOf(fields));
  }
}

function constantOf(fields: Node): Expression {
  if (fields['isnull'] === true) return literal(null);
  const integer = child(fields, 'ival');
  // libpg_query leaves out what is zero, false or empty.
  if (integer !== undefined) return literal(typeof integer['ival'] === 'number' ? integer['ival'] : 0);
  const decimal = child(fields, 'fval');
  if (decimal !== undefined) return literal(Number(text(decimal, 'fval')));
  const boolean = child(fields, 'boolval');
  if (boolean !== undefined) return literal(boolean['boolval'] === true);
  const string = child(fields, 'sval');
  return string === undefined ? call('constant', []) : literal(text(string, 'sval'));
}

function columnOf(fields: Node): Expression {
  const names = strings(items(fields, 'fields'));
  // `*` names no column: `EXISTS (SELECT *)`.
  return names.length === 0 ? call('*', []) : column(names.join('.'));
}

function booleanOf(fields: Node): Expression {
  const operands = items(fields, 'args').map(conditionOf);
  switch (text(fields, 'boolop')) {
    case 'AND_EXPR':
      return all(operands);
    case 'OR_EXPR':
      return any(operands);
    default:
      return not(all(operands));
  }
}

const SIGNS: Readonly<Record<string, Comparison>> = {
  '=': '=',
  '<>': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

function operationOf(fields: Node): Expression {
  const name = strings(items(fields, 'name')).at(-1) ?? '';
  const left = conditionOf(fields['lexpr']);
  const right = fields['rexpr'];
  const list = isJsonObject(right) ? child(right, 'List') : undefined;
  const listed = items(list, 'items').map(conditionOf);
  switch (text(fields, 'kind')) {
    case 'AEXPR_OP': {
      const sign = fields['lexpr'] === undefined ? undefined : SIGNS[name];
      const operands = fields['lexpr'] === undefined ? [conditionOf(right)] : [left, conditionOf(right)];
      return sign === undefined ? call(name, operands) : compare(sign, left, conditionOf(right));
    }
    case 'AEXPR_NOT_DISTINCT':
      return compare('same', left, conditionOf(right));
    case 'AEXPR_DISTINCT':
      return not(compare('same', left, conditionOf(right)));
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE': {
      const like = compare('like', left, conditionOf(right));
      return name.startsWith('!') ? not(like) : like;
    }
    case 'AEXPR_IN':
      return name === '<>' ? not(oneOf(left, listed)) : oneOf(left, listed);
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN': {
      const [low, high] = listed;
      if (low === undefined || high === undefined) return call(name, [left, ...listed]);
      const inside = between(left, low, high);
      return text(fields, 'kind') === 'AEXPR_BETWEEN' ? inside : not(inside);
    }
    default:
      return call(`${text(fields, 'kind')} ${name}`, [left, ...listed, conditionOf(right)]);
  }
}

function truthTestOf(fields: Node): Expression {
  const arg = conditionOf(fields['arg']);
  switch (text(fields, 'booltesttype')) {
    case 'IS_TRUE':
      return arg;
    case 'IS_NOT_TRUE':
    case 'IS_FALSE':
      return not(arg);
    case 'IS_NOT_FALSE':
      return not(not(arg));
    default:
      return call('is unknown', [arg]);
  }
}

/** A query depends on the outer row through what it is compared with and through its conditions; of several queries one may have none. */
function subqueryOf(fields: Node): Expression {
  const operands = fields['testexpr'] === undefined ? [] : [conditionOf(fields['testexpr'])];
  const query = fields['subselect'];
  return call('query', [...operands, ...outerColumns(conditionsIn(query), namesRead(query))]);
}

/** What everything that a query reads is called in it, lower case, in the queries inside it as well. */
function namesRead(value: JsonValue | undefined, names = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(value)) for (const item of value) namesRead(item, names);
  if (!isJsonObject(value)) return names;
  for (const [key, held] of Object.entries(value)) {
    // With an alias a table's own name means nothing in the query.
    const named = key === 'aliasname' || (key === 'relname' && value['alias'] === undefined);
    if (named) names.add(String(held).toLowerCase());
    else namesRead(held, names);
  }
  return names;
}

const CONDITIONS: ReadonlySet<string> = new Set(['whereClause', 'havingClause', 'quals']);

function conditionsIn(value: JsonValue | undefined): Expression[] {
  if (Array.isArray(value)) return value.flatMap((item) => conditionsIn(item));
  if (!isJsonObject(value)) return [];
  // A join has two sides as well; its conditions count.
  if (value['larg'] !== undefined && value['jointype'] === undefined) return [];
  return Object.entries(value).flatMap(([key, held]) =>
    CONDITIONS.has(key) ? [conditionOf(held)] : conditionsIn(held),
  );
}

/** Operands of a node that is not told apart: every wrapped node that it holds. */
function childrenOf(fields: Node): Expression[] {
  return Object.entries(fields)
    .filter(([key]) => key !== 'typeName' && key !== 'funcname')
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter((value) => isJsonObject(value))
    .map(conditionOf);
}
