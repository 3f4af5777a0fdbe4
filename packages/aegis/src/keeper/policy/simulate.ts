import { type Decision, type DecisionEffect, type JsonObject, type PastCall, passageOf } from '@aegis/core';
import type { LedgerPlace } from '../place.ts';
import type { Draft } from './draft.ts';
import { callsOf, type RecordedCall } from './past-calls.ts';
import { openTrial } from './trial.ts';

/** A call of the past with which the draft does something else. */
export interface ChangedCall {
  readonly call_id: string;
  /** Of the proposal, `session/seq`. */
  readonly event: string;
  readonly at_ms: number;
  readonly tenant: string;
  readonly agent: string;
  readonly server: string;
  readonly name: string;
  readonly was: { readonly effect: DecisionEffect; readonly code: string; readonly rule?: string };
  readonly would: {
    readonly effect: DecisionEffect;
    readonly code: string;
    readonly rule?: string;
    readonly message: string;
  };
}

/** What a draft would have done with the calls of a ledger. */
export interface Simulation {
  readonly calls: number;
  readonly newly_allowed: readonly ChangedCall[];
  readonly newly_denied: readonly ChangedCall[];
  readonly newly_asked: readonly ChangedCall[];
  /** Calls whose arguments were erased: events of their proposals. */
  readonly erased: readonly string[];
  /** Calls that something other than the policy decided. */
  readonly beside_policy: number;
}

/** Decides the calls of the ledger again. Nothing is run and nothing is written. Fails with `STORE_UNAVAILABLE`. */
export async function simulate(place: LedgerPlace, draft: Draft, sinceMs = 0): Promise<Simulation> {
  const trial = await openTrial(draft);
  const changed: Record<DecisionEffect, ChangedCall[]> = { allow: [], deny: [], require_approval: [] };
  const erased: string[] = [];
  let [calls, besidePolicy] = [0, 0];
  for await (const recorded of callsOf(place, sinceMs)) {
    calls += 1;
    const { call } = recorded;
    if (call === undefined) {
      erased.push(recorded.event);
    } else if (call.decided.besidePolicy) {
      besidePolicy += 1;
    } else {
      const would = await trial.decide(call);
      const effect = passageOf(would);
      if (effect !== passageOf(call.decided)) changed[effect].push(changedCall(recorded, call, would));
    }
  }
  const { allow, deny, require_approval } = changed;
  return {
    calls,
    newly_allowed: allow,
    newly_denied: deny,
    newly_asked: require_approval,
    erased,
    beside_policy: besidePolicy,
  };
}

function changedCall(
  { call_id, event, at_ms, tenant }: RecordedCall,
  { request, decided }: PastCall,
  would: Decision,
): ChangedCall {
  const [{ code, message }] = would.reasons;
  return {
    call_id,
    event,
    at_ms,
    tenant,
    agent: request.subject.agent,
    server: request.resource.server,
    name: request.resource.name,
    was: said(passageOf(decided), decided.code, decided.rule),
    would: { ...said(passageOf(would), code, would.rule), message },
  };
}

function said<Code extends string>(effect: DecisionEffect, code: Code, rule: string | undefined) {
  return { effect, code, ...(rule === undefined ? {} : { rule }) } satisfies JsonObject;
}
