import { type Field, field, HOLE, isKnown, originsOf } from './field.ts';
import { assign, type Scope, UNKNOWN, valuesOf } from './scope.ts';
import type { ParameterExpansion, ParameterOperation, Word } from './tree.ts';

/** Folders of which the first character is known although the rest is not. */
const ABSOLUTE: ReadonlySet<string> = new Set(['HOME', 'PWD', 'OLDPWD', 'PATH', 'SHELL', 'BASH']);

/** The values of `$name`. */
export function expandName(scope: Scope, name: string): readonly Field[] {
  if (name === '?') return [field('0')];
  if (name === '$' || name === '!') return [field('1')];
  if (name === '#') return [field(String(Math.max(0, (scope.positional?.length ?? 1) - 1)))];
  const values = valuesOf(scope, name);
  if (values === undefined) return [UNKNOWN];
  return name === '@' || name === '*' ? values : values.slice(0, 1);
}

/** The values of `${...}`. `expand` gives the text of a word and what its substitutions do. */
export function expandParameter(
  { parameter, prefix, index, operation }: ParameterExpansion,
  scope: Scope,
  expand: (word: Word) => Field,
): readonly Field[] {
  const at = index === undefined ? undefined : expand(index).text;
  if (prefix === '#' || operation?.type === 'Names') return [UNKNOWN];
  const name = prefix === '!' ? valuesOf(scope, parameter)?.[0]?.text : parameter;
  if (name === undefined || !isKnown(name)) return [UNKNOWN];
  const set = valuesOf(scope, name);
  if (operation?.type === 'Default') return withDefault(scope, name, set, operation, expand);
  if (set === undefined) {
    if (operation !== undefined) apply(operation, HOLE, name, expand);
    return [UNKNOWN];
  }
  const values = elements(set, name, at);
  if (operation === undefined) return values;
  return values.map(({ text, glob, from }) => ({ text: apply(operation, text, name, expand), glob, from }));
}

function elements(set: readonly Field[], name: string, at: string | undefined): readonly Field[] {
  if (at === undefined) return name === '@' || name === '*' ? set : set.slice(0, 1);
  if (at === '@' || at === '*') return set;
  return [(/^\d+$/.test(at) ? set[Number(at)] : undefined) ?? UNKNOWN];
}

/** Of a variable that the line does not set the other word counts: what it hides must come to light. */
function withDefault(
  scope: Scope,
  name: string,
  set: readonly Field[] | undefined,
  { operator, operand }: Extract<ParameterOperation, { type: 'Default' }>,
  expand: (word: Word) => Field,
): readonly Field[] {
  const other = expand(operand);
  if (operator.endsWith('?')) return set ?? [UNKNOWN];
  if (operator.endsWith('+')) return [other];
  const [value] = set ?? [];
  if (value !== undefined && !(operator.startsWith(':') && value.text === '')) return set ?? [];
  if (operator.endsWith('=')) assign(scope, name, [other]);
  return [other];
}

function apply(
  operation: ParameterOperation,
  text: string,
  name: string,
  expand: (word: Word) => Field,
): string {
  switch (operation.type) {
    case 'Slice': {
      const start = Number(expand(operation.offset).text);
      const length = operation.length && Number(expand(operation.length).text);
      if (ABSOLUTE.has(name)) return start === 0 && length === 1 ? '/' : HOLE;
      if (!isKnown(text) || !Number.isInteger(start) || (length !== undefined && !Number.isInteger(length)))
        return HOLE;
      const from = start < 0 ? text.length + start : start;
      return text.slice(from, length === undefined ? undefined : length < 0 ? length : from + length);
    }
    case 'CaseModification':
      if (operation.operand !== undefined || !isKnown(text)) return HOLE;
      return changeCase(text, operation.operator);
    case 'Replace': {
      const pattern = expand(operation.pattern);
      const replacement = expand(operation.replacement);
      const plain = !pattern.glob && isKnown(pattern.text) && pattern.text !== '' && isKnown(text);
      if (!plain || !['/', '//'].includes(operation.operator)) return HOLE;
      return operation.operator === '//'
        ? text.replaceAll(pattern.text, () => replacement.text)
        : text.replace(pattern.text, () => replacement.text);
    }
    case 'Remove': {
      const { text: pattern, glob } = expand(operation.operand);
      if (glob || !isKnown(pattern) || !isKnown(text)) return HOLE;
      if (operation.operator.startsWith('#')) {
        return text.startsWith(pattern) ? text.slice(pattern.length) : text;
      }
      return text.endsWith(pattern) ? text.slice(0, text.length - pattern.length) : text;
    }
    case 'Transform':
      expand(operation.operand);
      return HOLE;
    case 'Default':
    case 'Names':
    case 'Unknown':
      return HOLE;
  }
}

function changeCase(text: string, operator: string): string {
  if (operator === '^^') return text.toUpperCase();
  if (operator === ',,') return text.toLowerCase();
  const first = text.slice(0, 1);
  return (operator === '^' ? first.toUpperCase() : first.toLowerCase()) + text.slice(1);
}

/** The values as one text, as within double quotes. */
export function together(values: readonly Field[]): Field {
  if (values.length === 1 && values[0] !== undefined) return values[0];
  return field(values.map(({ text }) => text).join(' '), originsOf(...values));
}
