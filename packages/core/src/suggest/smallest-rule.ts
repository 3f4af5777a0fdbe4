import { decide } from '../decide.ts';
import type { DecisionInput } from '../decide/input.ts';
import { findWinner } from '../decide/rules-phase.ts';
import { RISKS, type Risk } from '../model/capability.ts';
import type { Decision } from '../model/decision.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Reason } from '../model/reason.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { EvaluationFault } from '../policy/evaluation-fault.ts';
import { readRule } from '../policy/read-rule.ts';
import type { Rule } from '../policy/rule.ts';
import { readDocument } from '../source/document.ts';
import type { Report } from '../source/report.ts';
import { ruleInFront } from './rule-in-front.ts';

/** What would let calls pass that a policy does not let pass. */
export type Remedy =
  | {
      readonly kind: 'rule';
      /** In the words of a policy file. */
      readonly rule: JsonObject;
      /** The first rule that it has to stand before; absent where the end of the policy will do. */
      readonly before?: string;
    }
  /** No rule does: something that rules cannot switch off is in the way. */
  | { readonly kind: 'beyond'; readonly reason: Reason };

/** Most values of a kind that a rule lists; beyond it names the folder that they are in, or leaves them open. */
const MAX_LISTED = 16;

/**
 * The rule that lets these calls of one tool, resource or prompt pass and as few others as it can. That it does was
 * tried: with it in front, `decide` allows each of them. Undefined when they are allowed already.
 */
export function smallestRule(
  policy: CompiledPolicy,
  calls: readonly [DecisionInput, ...DecisionInput[]],
): Remedy | undefined {
  const denied = calls.filter((call) => !passes(decide(policy, call)));
  const [first] = denied;
  if (first === undefined) return undefined;
  const conditions = { ...matchOf(first), when: whenOf(calls) };
  const name = freeName(policy, first);
  const more: { waive?: readonly string[]; risk?: Risk } = {};
  for (;;) {
    const form: JsonObject = { name, action: 'allow', ...conditions, ...more };
    const rule = ruleOf(form);
    const reason = rule && stillDenied(ruleInFront(policy, rule), calls);
    if (rule !== undefined && reason === undefined)
      return { kind: 'rule', rule: form, ...placeOf(policy, denied) };
    const next = reason === undefined ? undefined : yielding(reason, policy, calls, more);
    if (next === undefined) return { kind: 'beyond', reason: reason ?? decide(policy, first).reasons[0] };
    Object.assign(more, next);
  }
}

/** The policy with drafted rules before all others. Rules that cannot be read are left out. */
export function withDrafted(policy: CompiledPolicy, forms: readonly JsonObject[]): CompiledPolicy {
  return forms.reduce((before, form) => {
    const rule = ruleOf(form);
    return rule === undefined ? before : ruleInFront(before, rule);
  }, policy);
}

function passes({ effect }: Decision): boolean {
  return effect === 'allow';
}

function stillDenied(policy: CompiledPolicy, calls: readonly DecisionInput[]): Reason | undefined {
  for (const call of calls) {
    const decision = decide(policy, call);
    if (!passes(decision)) return decision.reasons[0];
  }
  return undefined;
}

/** What more the rule has to say so that a reason gives way; undefined when nothing it could say would help. */
function yielding(
  { phase, code, rule }: Reason,
  policy: CompiledPolicy,
  calls: readonly DecisionInput[],
  said: { readonly waive?: readonly string[]; readonly risk?: Risk },
): { waive?: readonly string[]; risk?: Risk } | undefined {
  if (phase === 'guards' && rule === undefined && said.waive === undefined) {
    const personal = code === 'GUARD_SECRET' || code === 'GUARD_PII';
    const ids = calls.flatMap(({ facts }) =>
      facts.findings
        .filter(({ id, denies }) => denies !== undefined || (personal && /^(?:secret|pii)\./.test(id)))
        .map(({ id }) => id),
    );
    return ids.length === 0 ? undefined : { waive: [...new Set(ids)].toSorted() };
  }
  const risks = policy.settings.risk;
  if (rule === undefined && (phase === 'rules' || phase === 'approval') && said.risk === undefined) {
    const risk = RISKS.toReversed().find((level) => (risks[level] ?? 'allow') === 'allow');
    return risk === undefined ? undefined : { risk };
  }
  return undefined;
}

function matchOf({ request: { action, resource } }: DecisionInput): JsonObject {
  return resource.kind === 'tool' ? {} : { match: action.method };
}

function whenOf(calls: readonly DecisionInput[]): JsonObject {
  const all = <T>(values: (call: DecisionInput) => readonly T[]): readonly T[] => [
    ...new Set(calls.flatMap(values)),
  ];
  const [{ request }] = calls as readonly [DecisionInput, ...DecisionInput[]];
  const paths = all(({ facts }) => facts.paths.map(({ real }) => real));
  const hosts = all(({ facts }) => facts.urls.map(({ host }) => host));
  const uris = request.resource.kind === 'resource' ? all((call) => [call.request.resource.name]) : [];
  return {
    agent: exactly(all((call) => [call.request.subject.agent])),
    server: exactly([request.resource.server]),
    ...(request.resource.kind === 'tool' ? { tool_name: exactly([request.resource.name]) } : {}),
    ...(uris.length === 0 || uris.length > MAX_LISTED ? {} : { 'args.uri': exactly(uris) }),
    ...(paths.length === 0 ? {} : { path: pathsOf(paths) }),
    ...(hosts.length === 0 || hosts.length > MAX_LISTED ? {} : { host: exactly(hosts) }),
  };
}

/** Values and no others: plain where no letter of them is a wildcard. */
function exactly(values: readonly string[]): JsonValue {
  const [only] = values;
  if (values.some((value) => /[*?[\]{}\\]/.test(value))) return { in: values };
  return values.length === 1 && only !== undefined ? only : values;
}

function pathsOf(paths: readonly string[]): JsonValue {
  if (paths.length <= MAX_LISTED) return exactly(paths);
  const folders = paths.map((path) => path.split('/').slice(0, -1));
  const [first = []] = folders;
  const shared = first.filter((_, at) => folders.every((folder) => sameUpTo(folder, first, at)));
  return { under: shared.join('/') || '/' };
}

function sameUpTo(a: readonly string[], b: readonly string[], at: number): boolean {
  return a.slice(0, at + 1).join('/') === b.slice(0, at + 1).join('/') && at < a.length;
}

function freeName({ rules }: CompiledPolicy, { request: { resource } }: DecisionInput): string {
  const base = `allow-${resource.name.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60) || resource.kind}`;
  const names = new Set(rules.map(({ name }) => name));
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${n}`;
    if (!names.has(name)) return name;
  }
}

function ruleOf(form: JsonObject): Rule | undefined {
  const document = readDocument({ text: JSON.stringify({ policies: [form] }), file: 'suggestion.json' });
  const report: Report = { document, diagnostics: [] };
  return readRule(report, ['policies', 0], form, { base: '/', subjects: new Map() });
}

/** The rule that decides the first of them now: what lets them pass has to stand before it. */
function placeOf(policy: CompiledPolicy, calls: readonly DecisionInput[]): { readonly before?: string } {
  let before: { readonly place: number; readonly name: string } | undefined;
  for (const call of calls) {
    const winner = winnerOf(policy, call);
    if (winner !== undefined && winner.place < (before?.place ?? Number.POSITIVE_INFINITY)) {
      before = { place: winner.place, name: winner.rule.name };
    }
  }
  return before === undefined ? {} : { before: before.name };
}

function winnerOf(policy: CompiledPolicy, call: DecisionInput): ReturnType<typeof findWinner> {
  try {
    return findWinner(policy, call);
  } catch (error) {
    if (!(error instanceof EvaluationFault)) throw error;
    return policy.compiled.find(({ rule }) => rule.name === error.rule);
  }
}
