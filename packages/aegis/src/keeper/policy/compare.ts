import {
  type CaseCall,
  type Decision,
  type DecisionEffect,
  NEW_SESSION,
  passageOf,
  representativeCalls,
} from '@aegis/core';
import { openCaseHost, tryCase } from '../../daemon/trial.ts';
import type { LedgerPlace } from '../place.ts';
import type { Draft } from './draft.ts';
import { callsOf } from './past-calls.ts';
import { openTrial } from './trial.ts';

/** What a policy says of a call. */
export interface Said {
  readonly effect: DecisionEffect;
  readonly code: string;
  readonly rule?: string;
}

/** A call that two policies say different things of. */
export interface Difference {
  readonly agent: string;
  readonly server: string;
  readonly name: string;
  readonly args: CaseCall['args'];
  readonly before: Said;
  readonly after: Said;
}

/** The same about a call of the ledger; its arguments are not shown. */
export type PastDifference = Omit<Difference, 'args'> & { readonly event: string };

export interface Comparison {
  /** Files whose texts differ, by name. */
  readonly texts: readonly {
    readonly name: string;
    readonly before: string | undefined;
    readonly after: string | undefined;
  }[];
  /** How many calls were made up, and those that the policies differ about. */
  readonly tried: number;
  readonly differences: readonly Difference[];
  readonly past: number;
  readonly past_differences: readonly PastDifference[];
}

/** Compares two policies: their texts, and what they say of calls, made up and of the past. Nothing is run. */
export async function comparePolicies(place: LedgerPlace, before: Draft, after: Draft): Promise<Comparison> {
  const [tried, differences] = await onMadeUp(before, after);
  const [past, pastDifferences] = await onPast(place, before, after);
  return {
    texts: textsOf(before, after),
    tried,
    differences,
    past,
    past_differences: pastDifferences,
  };
}

function textsOf({ bundle: before }: Draft, { bundle: after }: Draft): Comparison['texts'] {
  const names = [...new Set([...Object.keys(before.files), ...Object.keys(after.files)])].toSorted();
  return names
    .map((name) => ({ name, before: before.files[name], after: after.files[name] }))
    .filter((text) => text.before !== text.after);
}

async function onMadeUp(before: Draft, after: Draft): Promise<[number, readonly Difference[]]> {
  const { agents, stdioAgent } = after.configuration;
  const calls = representativeCalls({
    rules: [...before.rules.policy.rules, ...after.rules.policy.rules],
    manifests: new Map([...before.rules.manifests, ...after.rules.manifests]),
    agents: [...new Set([stdioAgent, ...agents.map(({ name }) => name)])].slice(0, 8),
  });
  const tries = await Promise.all(
    [before, after].map(async ({ configuration, rules }) => {
      const host = await openCaseHost(configuration, rules);
      return async (call: CaseCall): Promise<Decision> => {
        const { explanation } = await tryCase(rules, host, {
          name: call.name,
          call,
          session: NEW_SESSION,
          atMs: undefined,
          expect: { effect: 'allow' },
          at: { file: '', line: 1, column: 1 },
        });
        return explanation.decision;
      };
    }),
  );
  const differences: Difference[] = [];
  for (const call of calls) {
    const [was, would] = await Promise.all(tries.map((decide) => decide(call)));
    if (was === undefined || would === undefined || passageOf(was) === passageOf(would)) continue;
    const { agent = '', server, name, args } = call;
    differences.push({ agent, server, name, args, before: saidBy(was), after: saidBy(would) });
  }
  return [calls.length, differences];
}

async function onPast(
  place: LedgerPlace,
  before: Draft,
  after: Draft,
): Promise<[number, readonly PastDifference[]]> {
  const [old, draft] = [await openTrial(before), await openTrial(after)];
  const differences: PastDifference[] = [];
  let past = 0;
  for await (const { call, event } of callsOf(place)) {
    if (call === undefined || call.decided.besidePolicy) continue;
    past += 1;
    const [was, would] = [await old.decide(call), await draft.decide(call)];
    if (passageOf(was) === passageOf(would)) continue;
    const { subject, resource } = call.request;
    differences.push({
      event,
      agent: subject.agent,
      server: resource.server,
      name: resource.name,
      before: saidBy(was),
      after: saidBy(would),
    });
  }
  return [past, differences];
}

function saidBy(decision: Decision): Said {
  const [{ code }] = decision.reasons;
  const { rule } = decision;
  return { effect: passageOf(decision), code, ...(rule === undefined ? {} : { rule }) };
}
