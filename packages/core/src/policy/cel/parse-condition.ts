import { type ASTNode, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import { printable } from '../../printable.ts';
import { didYouMean } from '../../source/suggest.ts';
import type { TextTest } from '../glob.ts';
import { compilePattern } from '../pattern.ts';
import { quote } from '../quote.ts';
import type { PolicyModule } from '../module/module.ts';
import { ENVIRONMENT, VARIABLES } from './environment.ts';
import { LOOPS, loopsOf, metered } from './metered.ts';
import { readsOf } from './reads.ts';
import { nodesOf } from './tree.ts';

/** An expression that was checked. */
export interface ParsedCondition {
  readonly text: string;
  readonly reads: PolicyModule['reads'];
  readonly loops: boolean;
  readonly patterns: ReadonlyMap<string, TextTest>;
  readonly evaluate: (variables: Record<string, unknown>) => unknown;
}

/** Why an expression is refused. */
export interface ConditionFault {
  /** From 0, in UTF-16 units. */
  readonly offset: number;
  readonly message: string;
  readonly help?: string;
}

export const MAX_CONDITION_LENGTH = 4096;

const FUNCTIONS: readonly string[] = [
  'has',
  'rx',
  'size',
  'dyn',
  'int',
  'uint',
  'double',
  'string',
  'bool',
  'timestamp',
  'duration',
  ...LOOPS,
  'startsWith',
  'endsWith',
  'contains',
  'lowerAscii',
  'upperAscii',
  'trim',
  'split',
  'indexOf',
  'lastIndexOf',
  'substring',
  'getDate',
  'getDayOfMonth',
  'getDayOfWeek',
  'getDayOfYear',
  'getFullYear',
  'getHours',
  'getMilliseconds',
  'getMinutes',
  'getMonth',
  'getSeconds',
];

/** SECURITY: what takes exponential time or makes texts grow in loops is no part of the language here. */
const REFUSED: Readonly<Record<string, string>> = {
  matches: 'use `rx(text, "pattern")`: its time is linear',
  bind: 'write the expression out',
  join: 'compare the items instead',
};

/** Reads and checks a CEL expression that is to be a boolean. */
export function parseCondition(text: string): ParsedCondition | ConditionFault {
  try {
    const parsed = ENVIRONMENT.parse(text);
    const { ast } = parsed;
    const patterns = new Map<string, TextTest>();
    const refused = refusedCall(ast, patterns);
    if (refused !== undefined) return refused;
    const { valid, type, error } = parsed.check();
    if (!valid) return faultOf(error);
    if (type !== 'bool' && type !== 'dyn') {
      return { offset: 0, message: `the condition is of the type \`${type}\`, not \`bool\`` };
    }
    const loops = loopsOf(ast).length > 0;
    const counted = loops ? metered(text, ast) : text;
    if (counted === undefined)
      return { offset: 0, message: 'a loop is not written as `list.all(item, condition)`' };
    const program = ENVIRONMENT.parse(counted);
    if (!program.check().valid) return { offset: 0, message: 'the loops of the condition cannot be counted' };
    return { text, reads: readsOf(ast), loops, patterns, evaluate: program };
  } catch (error) {
    return faultOf(error);
  }
}

function refusedCall(root: ASTNode, patterns: Map<string, TextTest>): ConditionFault | undefined {
  for (const node of nodesOf(root)) {
    if (node.op !== 'call' && node.op !== 'rcall') continue;
    const [name] = node.args;
    const offset = node.range.start;
    if (!FUNCTIONS.includes(name)) {
      const help = REFUSED[name] ?? didYouMean(name, FUNCTIONS);
      return { offset, message: `there is no function ${quote(name)}`, help };
    }
    if (name === 'map' && node.op === 'rcall' && node.args[2].length === 3) {
      return {
        offset,
        message: '`map` takes a variable and a value',
        help: 'filter first: `.filter(x, ...).map(x, ...)`',
      };
    }
    const fault =
      name === 'rx' && node.op === 'call' ? readPattern(node.args[1], offset, patterns) : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** A pattern is a literal, so that it is compiled once and refused here. */
function readPattern(
  args: readonly ASTNode[],
  offset: number,
  patterns: Map<string, TextTest>,
): ConditionFault | undefined {
  const [, pattern] = args;
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string') {
    return { offset, message: 'the pattern of `rx` must be a literal text', help: '`rx(args.name, "^a+$")`' };
  }
  const compiled = compilePattern(pattern.args);
  if (typeof compiled === 'string') {
    return {
      offset: pattern.range.start,
      message: `the pattern does not compile: ${compiled}`,
      help: 'patterns are RE2: no backreferences and no look-around',
    };
  }
  patterns.set(pattern.args, compiled);
  return undefined;
}

function faultOf(error: unknown): ConditionFault {
  if (!(error instanceof ParseError) && !(error instanceof CelTypeError)) {
    return { offset: 0, message: 'the condition cannot be read' };
  }
  const { summary, code, range } = error;
  const message = printable(summary.slice(0, 200));
  return {
    offset: range?.start ?? 0,
    message: message.charAt(0).toLowerCase() + message.slice(1),
    ...(code === 'unknown_variable' ? { help: `the variables are ${VARIABLES.map(quote).join(', ')}` } : {}),
  };
}
