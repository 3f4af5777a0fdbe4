import type { DecisionInput } from '../../src/decide/input.ts';
import { riskOf } from '../../src/model/capability.ts';
import type { JsonValue } from '../../src/model/json.ts';

/** A rule as written, with everything in it well-formed. */
export interface RawRule {
  readonly name: string;
  readonly action: 'allow' | 'deny' | 'audit' | 'require_approval';
  readonly match?: string;
  readonly invariant?: boolean;
  readonly mode?: 'enforce' | 'shadow';
  readonly when?: { readonly [key: string]: JsonValue };
  readonly condition?: string;
  readonly waive?: readonly string[];
}

type Answer = 'yes' | 'no' | 'doubt';

/** The expressions that generated rules have, by text; undefined for a call that one cannot judge. */
export const EXPRESSIONS: Readonly<Record<string, (input: DecisionInput) => boolean | undefined>> = {
  'has(args.amount)': ({ request }) => Object.hasOwn(request.args, 'amount'),
  'size(facts.paths) < 2': ({ facts }) => facts.paths.length < 2,
  'args.amount > 1.0': ({ request: { args } }) =>
    typeof args['amount'] === 'number' ? args['amount'] > 1 : undefined,
};

/**
 * The meaning of a policy, written to be read and not to be fast: no index, no closures, every rule
 * tried in order. It covers what the generated policies use.
 */
export function referenceDecision(
  rules: readonly RawRule[],
  input: DecisionInput,
): { effect: string; rule?: string } {
  const first = firstOf(rules, input);
  const denying = input.facts.findings.filter(({ denies }) => denies !== undefined);
  if (denying.length > 0 && first?.fails === true) return { effect: 'deny', rule: first.rule.name };
  if (denying.some(({ id }) => first?.rule.waive?.includes(id) !== true)) return { effect: 'deny' };
  const asks: RawRule[] = [];
  for (const rule of rules) {
    const met = rule.invariant === true && meets(rule, input);
    if (met === false) continue;
    if (met === undefined || rule.action === 'deny') return { effect: 'deny', rule: rule.name };
    if (rule.action === 'require_approval') asks.push(rule);
  }
  if (first === undefined) return { effect: 'deny' };
  const { rule: winner, fails } = first;
  if (fails || winner.action === 'deny') return { effect: 'deny', rule: winner.name };
  if (winner.action === 'require_approval') asks.push(winner);
  const [asking] = asks;
  return asking === undefined
    ? { effect: 'allow', rule: winner.name }
    : { effect: 'require_approval', rule: asking.name };
}

/** The first rule in force that matches, or cannot be judged. */
export function firstOf(
  rules: readonly RawRule[],
  input: DecisionInput,
): { readonly rule: RawRule; readonly fails: boolean } | undefined {
  for (const rule of rules) {
    if (rule.invariant === true || rule.mode === 'shadow') continue;
    const met = meets(rule, input);
    if (met !== false) return { rule, fails: met === undefined };
  }
  return undefined;
}

/** Undefined for a call that the rule cannot judge. */
function meets(rule: RawRule, input: DecisionInput): boolean | undefined {
  if (!matches(rule, input)) return false;
  return rule.condition === undefined || EXPRESSIONS[rule.condition]?.(input);
}

function matches(rule: RawRule, input: DecisionInput): boolean {
  if (!glob(rule.match ?? '*', input.request.action.method)) return false;
  const tight = rule.invariant === true || rule.action === 'deny' || rule.action === 'require_approval';
  return Object.entries(rule.when ?? {}).every(([key, wanted]) => {
    const values = valuesOf(key, input);
    const exists = (wanted as { exists?: boolean } | null)?.exists;
    if (exists !== undefined) return values.length > 0 === exists;
    const answers = values.flat().map((value) => judge(wanted, value));
    return tight
      ? answers.some((answer) => answer !== 'no')
      : answers.length > 0 && answers.every((answer) => answer === 'yes');
  });
}

function valuesOf(key: string, { request, facts }: DecisionInput): readonly JsonValue[] {
  const { kind, name, server } = request.resource;
  switch (key) {
    case 'tool_name':
      return kind === 'tool' ? [name] : [];
    case 'server':
      return [server];
    case 'path':
      return facts.paths.map(({ real }) => real);
    case 'host':
      return facts.urls.map(({ host }) => host);
    case 'capability':
      return facts.capabilities;
    case 'finding':
      return facts.findings.map(({ id }) => id);
    case 'label':
      return facts.taint?.taints.flatMap(({ labels }) => labels) ?? [];
    case 'risk':
      return [riskOf(kind === 'tool' ? [...facts.capabilities, 'unclassified'] : facts.capabilities)];
    default:
      return Object.hasOwn(request.args, key) ? [request.args[key] as JsonValue] : [];
  }
}

function judge(wanted: JsonValue, value: JsonValue): Answer {
  if (typeof wanted !== 'object' || wanted === null) return like([wanted], value);
  if (Array.isArray(wanted)) return like(wanted, value);
  const answers = new Set(Object.entries(wanted).map(([op, operand]) => operator(op, operand, value)));
  return answers.has('no') ? 'no' : answers.has('doubt') ? 'doubt' : 'yes';
}

function like(wanted: readonly JsonValue[], value: JsonValue): Answer {
  if (!wanted.some((one) => typeof one === typeof value)) return 'doubt';
  return said(
    wanted.some((one) =>
      typeof one === 'string' && typeof value === 'string' ? glob(one, value) : one === value,
    ),
  );
}

function operator(op: string, operand: JsonValue, value: JsonValue): Answer {
  if (op === 'eq') return typeof operand === typeof value ? said(operand === value) : 'doubt';
  if (op === 'ne') return typeof operand === typeof value ? said(operand !== value) : 'doubt';
  if (op === 'under') return said(value === operand || (value as string).startsWith(`${operand as string}/`));
  if (typeof value !== 'number') return 'doubt';
  return said(op === 'gt' ? value > Number(operand) : value <= Number(operand));
}

function said(holds: boolean): Answer {
  return holds ? 'yes' : 'no';
}

function glob(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su').test(text);
}
