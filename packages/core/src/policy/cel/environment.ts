import { Environment } from '@marcbachmann/cel-js';
import { MAX_MATCHED_LENGTH } from '../pattern.ts';
import type { TextTest } from '../glob.ts';

/** What an expression may use while it is evaluated. Evaluation is synchronous, so that there is one at a time. */
export interface Allowance {
  /** Turns of the loops of macros that are left; below zero it has used too many. */
  turns: number;
  readonly patterns: ReadonlyMap<string, TextTest>;
}

const NOTHING: Allowance = { turns: 0, patterns: new Map() };
let current: Allowance = NOTHING;

/** Runs an evaluation under an allowance. */
export function under<T>(allowance: Allowance, evaluate: () => T): T {
  current = allowance;
  try {
    return evaluate();
  } finally {
    current = NOTHING;
  }
}

/** Called at the beginning of each turn of a loop; no expression of a policy can name it. */
export const METER = '__turn';

function turn(): boolean {
  current.turns--;
  if (current.turns < 0) throw new RangeError('too many turns');
  return true;
}

function rx(text: string, pattern: string): boolean {
  if (text.length > MAX_MATCHED_LENGTH) throw new RangeError('the text is too long for a pattern');
  const test = current.patterns.get(pattern);
  if (test === undefined) throw new TypeError('not a pattern of this expression');
  return test(text);
}

/** What a condition can name. The input of policies in other languages, with `args` beside it for short. */
export const ENVIRONMENT = new Environment({
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: 512, maxDepth: 32 },
})
  .registerVariable('args', 'map<string, dyn>')
  .registerVariable({
    name: 'request',
    schema: {
      method: 'string',
      server: 'string',
      tool: 'string',
      resource: 'string',
      prompt: 'string',
      args: 'map<string, dyn>',
      agent: 'string',
      tenant: 'string',
      user: 'string',
      session: 'string',
    },
  })
  .registerVariable({
    name: 'facts',
    schema: {
      capabilities: 'list<string>',
      risk: 'string',
      paths: 'list<string>',
      hosts: 'list<string>',
      commands: 'list<map<string, string>>',
      findings: 'list<map<string, string>>',
      score: 'int',
    },
  })
  .registerVariable({
    name: 'taint',
    schema: {
      labels: 'list<string>',
      args: 'map<string, list<string>>',
      authority: 'map<string, list<string>>',
      steered: 'bool',
    },
  })
  .registerVariable({
    name: 'session',
    schema: { steps: 'int', tool_calls: 'int', denied: 'int', age_ms: 'int', identical_calls: 'int' },
  })
  .registerVariable('manifest', 'map<string, dyn>')
  .registerVariable('now_ns', 'int')
  .registerFunction('rx(string, string): bool', rx)
  .registerFunction(`${METER}(): bool`, turn);

export const VARIABLES: readonly string[] = [
  'args',
  'request',
  'facts',
  'taint',
  'session',
  'manifest',
  'now_ns',
];
