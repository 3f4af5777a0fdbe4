import type { DecisionInput, RateReading } from '@aegis/core';
import type { Mediation } from './mediation.ts';

/** What a call is decided on, with the snapshot as it is in this very turn. */
export function decisionInput(m: Mediation): DecisionInput {
  m.rates = readRates(m);
  const { server } = m.request.resource;
  return {
    request: m.request,
    facts: m.facts,
    snapshot: m.session.snapshot,
    server: m.rules.manifests.get(server),
    agent: m.rules.agent(m.request.subject.agent),
    credentials: m.rules.credentials.get(server) ?? NONE,
    receipts: m.rules.receipts,
    callFingerprint: m.fingerprint,
    killed: m.ports.killed?.(m.request.subject),
    rates: m.rates,
    ...(m.opinions === undefined ? {} : { opinions: m.opinions }),
  };
}

const NONE: readonly string[] = [];

function readRates({ ports, rules, request }: Mediation): readonly RateReading[] {
  return rules.policy.rates.length === 0 ? [] : ports.rates.read(request, ports.clock.now());
}
