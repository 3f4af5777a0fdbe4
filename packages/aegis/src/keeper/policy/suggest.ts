import {
  AegisError,
  decide,
  type DecisionInput,
  establish,
  type ManifestDraft,
  manifestDraft,
  type Reason,
  type ReasonCode,
  type Remedy,
  smallestRule,
  withDrafted,
} from '@aegis/core';
import type { LedgerPlace } from '../place.ts';
import { currentPolicy, type Draft, withDrafts } from './draft.ts';
import { callsOf, type RecordedCall } from './past-calls.ts';
import { openTrial } from './trial.ts';

/** Which calls of the past a person says were good. */
export interface Marked {
  /** Call ids, or `session/seq` of proposals. */
  readonly calls: ReadonlySet<string>;
  readonly sessions: ReadonlySet<string>;
}

/** What would have let the marked calls pass. */
export interface Suggestions {
  /** Marked calls that are not allowed by the policy as it is. */
  readonly denied: number;
  readonly rules: readonly Extract<Remedy, { readonly kind: 'rule' }>[];
  /** What manifests would have to declare. */
  readonly manifests: readonly ManifestDraft[];
  /** What no rule and no manifest changes, each with the events of its calls. */
  readonly beyond: readonly { readonly reason: Reason; readonly events: readonly string[] }[];
  /** Other calls of the ledger that the rules would let pass as well, as `session/seq`. */
  readonly also_allowed: readonly string[];
  /** Marked calls whose arguments were erased. */
  readonly erased: readonly string[];
}

interface Good {
  readonly recorded: RecordedCall;
  readonly input: DecisionInput;
  /** Why it does not pass now. */
  readonly code: ReasonCode;
}

/** Drafts the least that would have allowed what a person marked. Fails with `INPUT_INVALID` when nothing is marked. */
export async function suggestPolicy(place: LedgerPlace, marked: Marked): Promise<Suggestions> {
  return withDrafts([await currentPolicy(place)], (draft) => suggestFor(place, draft, marked));
}

async function suggestFor(place: LedgerPlace, draft: Draft, marked: Marked): Promise<Suggestions> {
  const { host } = await openTrial(draft);
  const good: Good[] = [];
  const others: Good[] = [];
  const erased: string[] = [];
  const found = new Set<string>();
  for await (const recorded of callsOf(place)) {
    const { call, call_id, event } = recorded;
    const isMarked = isAmong(recorded, marked);
    if (isMarked) for (const name of [call_id, event, sessionOf(recorded)]) found.add(name);
    if (call === undefined) {
      if (isMarked) erased.push(event);
    } else if (!call.decided.besidePolicy) {
      const input = establish(host, call);
      const { effect, reasons } = decide(host.policy, input);
      const [{ code }] = reasons;
      if (effect !== 'allow') (isMarked ? good : others).push({ recorded, input, code });
    }
  }
  const unknown = [...marked.calls, ...marked.sessions].find((name) => !found.has(name));
  if (unknown !== undefined)
    throw new AegisError('INPUT_INVALID', `the ledger has no call of \`${unknown}\``);
  const rules: Suggestions['rules'][number][] = [];
  const manifests: ManifestDraft[] = [];
  const beyond: Suggestions['beyond'][number][] = [];
  for (const group of groupsOf(good)) {
    const [first, ...rest] = group.map(({ input }) => input);
    if (first === undefined) continue;
    const inputs = [first, ...rest] as const;
    const remedy = smallestRule(host.policy, inputs);
    if (remedy?.kind === 'rule') rules.push(remedy);
    if (remedy?.kind !== 'beyond') continue;
    const { reason } = remedy;
    const drafted = reason.phase === 'manifest' ? manifestDraft(reason.code, inputs) : undefined;
    if (drafted !== undefined) manifests.push(drafted);
    else beyond.push({ reason, events: group.map(({ recorded }) => recorded.event) });
  }
  const wider = withDrafted(
    host.policy,
    rules.map(({ rule }) => rule),
  );
  const alsoAllowed = others.filter(({ input }) => decide(wider, input).effect === 'allow');
  return {
    denied: good.length,
    rules,
    manifests,
    beyond,
    also_allowed: alsoAllowed.map(({ recorded }) => recorded.event),
    erased,
  };
}

function isAmong(recorded: RecordedCall, { calls, sessions }: Marked): boolean {
  return calls.has(recorded.call_id) || calls.has(recorded.event) || sessions.has(sessionOf(recorded));
}

function sessionOf({ event }: RecordedCall): string {
  return event.slice(0, event.lastIndexOf('/'));
}

/** Calls of one tool, resource or prompt that are denied for the same reason have one rule. */
function groupsOf(calls: readonly Good[]): readonly (readonly Good[])[] {
  const groups = Map.groupBy(calls, ({ input: { request }, code }) =>
    JSON.stringify([request.action.method, request.resource.server, request.resource.name, code]),
  );
  return [...groups.values()];
}
