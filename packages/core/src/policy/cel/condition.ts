import { EvaluationError } from '@marcbachmann/cel-js';
import type { DecisionInput } from '../../decide/input.ts';
import type { JsonValue } from '../../model/json.ts';
import { EvaluationFault } from '../evaluation-fault.ts';
import { compileDocument } from '../module/document.ts';
import type { ModuleInput } from '../module/module.ts';
import { quote } from '../quote.ts';
import { type Allowance, under } from './environment.ts';
import type { ParsedCondition } from './parse-condition.ts';

/** Most turns of loops that one evaluation may take. */
const MAX_TURNS = 10_000;
/** What all turns together may look at, in characters: each can look at everything there is. */
const MAX_LOOKED_AT = 1 << 28;

/** Compiles a checked expression to a predicate. Throws `EvaluationFault` for a call that it cannot judge. */
export function compileCel(condition: ParsedCondition, rule: string): (input: DecisionInput) => boolean {
  const document = compileDocument(condition.reads);
  const { loops, patterns, evaluate } = condition;
  return (input) => {
    const made = document(input);
    const allowance: Allowance = { turns: loops ? turnsFor(made) : 0, patterns };
    let value: unknown;
    try {
      value = under(allowance, () => evaluate(variables(made)));
    } catch (error) {
      const why = allowance.turns < 0 ? TOO_MANY : `its condition fails: ${whyOf(error)}`;
      throw new EvaluationFault(rule, why, REMEDY);
    }
    // SECURITY: `||` and `exists` go on after an error, also after this one.
    if (allowance.turns < 0) throw new EvaluationFault(rule, TOO_MANY, REMEDY);
    if (typeof value === 'boolean') return value;
    throw new EvaluationFault(rule, 'its condition is neither true nor false', REMEDY);
  };
}

const TOO_MANY = 'its condition takes too many turns';
const REMEDY = 'send the arguments that the rule asks about, or report this to the owner of the policy';

/** Numbers that the kernel counts are integers; those of arguments and manifests are doubles, as JSON has them. */
function variables({
  request,
  facts,
  taint,
  session,
  manifest = {},
  now_ns,
}: ModuleInput): Record<string, unknown> {
  const score = (facts as { readonly score?: number } | undefined)?.score;
  return {
    args: (request as { readonly args?: JsonValue } | undefined)?.args ?? {},
    request: request ?? {},
    facts: score === undefined ? (facts ?? {}) : { ...(facts as object), score: BigInt(score) },
    taint: taint ?? {},
    session: Object.fromEntries(
      Object.entries((session ?? {}) as Record<string, number>).map(([name, count]) => [name, BigInt(count)]),
    ),
    manifest,
    now_ns: BigInt((now_ns ?? 0) as number | bigint),
  };
}

function turnsFor(input: ModuleInput): number {
  return Math.min(MAX_TURNS, Math.floor(MAX_LOOKED_AT / sizeOf(input)));
}

function sizeOf(value: JsonValue | bigint | ModuleInput): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  let size = 16;
  for (const item of Object.values(value)) size += 16 + sizeOf(item);
  return size;
}

/** SECURITY: an agent reads this: the names that the policy uses, and nothing of what a call holds. */
function whyOf(error: unknown): string {
  if (!(error instanceof EvaluationError)) return 'it cannot be evaluated';
  const { code, node } = error;
  if (code === 'no_such_key' && node?.op === '.') return `${quote(node.args[1])} is not there`;
  return code.replaceAll('_', ' ');
}
