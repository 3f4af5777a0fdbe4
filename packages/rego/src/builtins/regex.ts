import type { RE2JS } from 're2js';
import type { Value } from '../value/value.ts';
import {
  array,
  boolean,
  type Builtin,
  type BuiltinScope,
  BuiltinError,
  any,
  builtin,
  number,
  type Refusal,
  string,
} from './builtin.ts';
import { integer } from './integer.ts';
import { compilePattern, findAll, type Match, patternOf } from './pattern.ts';

function charge(text: string, { meter }: BuiltinScope): void {
  meter.work(1 + (text.length >> 4));
}

/** A pattern that is a literal must be one that compiles. */
function literalAt(index: number): Refusal {
  return (args) => {
    const source = args[index];
    if (typeof source !== 'string') return undefined;
    const found = compilePattern(source);
    return 'reason' in found ? found.reason : undefined;
  };
}

function part(text: string, span: readonly [number, number] | undefined): string {
  return span === undefined || span[0] < 0 ? '' : text.slice(span[0], span[1]);
}

function splitBy(pattern: RE2JS, text: string): readonly string[] {
  if (text === '') return [''];
  const parts: string[] = [];
  let start = 0;
  let end = 0;
  for (const [whole] of findAll(pattern, text, -1)) {
    if (whole === undefined) continue;
    end = whole[0];
    if (whole[1] !== 0) parts.push(text.slice(start, end));
    start = whole[1];
  }
  if (end !== text.length) parts.push(text.slice(start));
  return parts;
}

const REFERENCE = /\$(?:\$|\{([A-Za-z0-9_]+)\}|([A-Za-z0-9_]+))?/g;

/** Puts groups into a replacement: `$1`, `${name}`, `$$`; one that does not exist is empty. */
function expand(
  template: string,
  text: string,
  match: Match,
  names: Readonly<Record<string, number>>,
): string {
  return template.replace(REFERENCE, (whole: string, braced?: string, bare?: string) => {
    if (whole === '$$') return '$';
    const name = braced ?? bare;
    if (name === undefined) return '$';
    const index = /^\d+$/.test(name) ? Number(name) : names[name];
    return index === undefined ? '' : part(text, match[index]);
  });
}

function replaceMatches(text: string, pattern: RE2JS, template: string, scope: BuiltinScope): string {
  const names = pattern.namedGroups();
  let result = '';
  let at = 0;
  for (const match of findAll(pattern, text, -1)) {
    const [start, end] = match[0] ?? [0, 0];
    const piece = text.slice(at, start) + expand(template, text, match, names);
    scope.meter.grow(piece.length);
    result += piece;
    at = end;
  }
  return result + text.slice(at);
}

/** The pattern of a template: what stands between the delimiters is a pattern, the rest is literal. */
function templatePattern(template: string, open: string, close: string): string {
  if (open.length !== 1 || close.length !== 1) {
    throw new BuiltinError('a delimiter has to be exactly one character long');
  }
  let pattern = '^';
  let depth = 0;
  let start = 0;
  for (let i = 0; i < template.length; i++) {
    const unit = template.charAt(i);
    if (unit === open) {
      if (depth++ === 0) {
        pattern += quote(template.slice(start, i));
        start = i + 1;
      }
    } else if (unit === close) {
      if (--depth === 0) {
        pattern += `(${template.slice(start, i)})`;
        start = i + 1;
      } else if (depth < 0) {
        throw new BuiltinError(`unbalanced braces in \`${template}\``);
      }
    }
  }
  if (depth !== 0) throw new BuiltinError(`unbalanced braces in \`${template}\``);
  return `${pattern}${quote(template.slice(start))}$`;
}

function quote(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

export const REGEX: readonly Builtin[] = [
  {
    ...builtin('regex.match', [string, string], boolean, (source, text, scope) => {
      charge(text, scope);
      return patternOf(source).test(text);
    }),
    refuse: literalAt(0),
  },
  builtin(
    'regex.is_valid',
    [any],
    boolean,
    (source) => typeof source === 'string' && 'pattern' in compilePattern(source),
  ),
  {
    ...builtin('regex.split', [string, string], array, (source, text, scope) => {
      charge(text, scope);
      const parts = splitBy(patternOf(source), text);
      scope.meter.grow(parts.length);
      return parts;
    }),
    refuse: literalAt(0),
  },
  {
    ...builtin('regex.find_n', [string, string, number], array, (source, text, count, scope) => {
      charge(text, scope);
      return findAll(patternOf(source), text, integer(count, 'operand 3')).map(([whole]) =>
        part(text, whole),
      );
    }),
    refuse: literalAt(0),
  },
  {
    ...builtin(
      'regex.find_all_string_submatch_n',
      [string, string, number],
      array,
      (source, text, count, scope) => {
        charge(text, scope);
        const found = findAll(patternOf(source), text, integer(count, 'operand 3'));
        return found.map((match): Value => match.map((span) => part(text, span)));
      },
    ),
    refuse: literalAt(0),
  },
  {
    ...builtin('regex.replace', [string, string, string], string, (text, source, template, scope) => {
      charge(text, scope);
      return replaceMatches(text, patternOf(source), template, scope);
    }),
    refuse: literalAt(1),
  },
  builtin(
    'regex.template_match',
    [string, string, string, string],
    boolean,
    (template, text, open, close, scope) => {
      charge(text, scope);
      return patternOf(templatePattern(template, open, close)).test(text);
    },
  ),
];
