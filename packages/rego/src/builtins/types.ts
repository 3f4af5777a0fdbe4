import { parseNumber } from '../value/decimal.ts';
import { typeName, type TypeName } from '../value/value.ts';
import {
  any,
  boolean,
  type Builtin,
  builtin,
  OperandError,
  nothing,
  number,
  oneOf,
  string,
} from './builtin.ts';

function typeTest(type: TypeName): Builtin {
  return builtin(`is_${type}`, [any], boolean, (value) => typeName(value) === type);
}

export const TYPES: readonly Builtin[] = [
  ...(['null', 'boolean', 'number', 'string', 'array', 'object', 'set'] as const).map(typeTest),
  builtin('type_name', [any], string, (value) => typeName(value)),
  builtin('to_number', [oneOf(oneOf(nothing, boolean), oneOf(number, string))], number, (value) => {
    if (value === null || value === false) return 0;
    if (value === true) return 1;
    if (typeof value !== 'string') return value;
    const found = parseNumber(value.replace(/^\+(?=[\d.])/, ''));
    if (found === undefined) throw new OperandError(`invalid number \`${value.slice(0, 40)}\``);
    return found;
  }),
];
