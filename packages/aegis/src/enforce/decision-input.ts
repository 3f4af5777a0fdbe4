import type { DecisionInput, RateReading } from '@aegis/core';
import type { Mediation } from './mediation.ts';
import type { Session } from './session.ts';

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

/** The same as if one on whose behalf it is made made the call in its own session. */
export function delegatorInput(m: Mediation, delegator: Session, at: number): DecisionInput {
  const { tenant, agent, user, session } = delegator.identity;
  const own = decisionInput(m);
  const request = { ...m.request, subject: { tenant, agent, user, session } };
  const opinions = m.delegatorOpinions[at];
  const { opinions: _, ...rest } = own;
  return {
    ...rest,
    request,
    snapshot: delegator.snapshot,
    agent: m.rules.agent(agent),
    callFingerprint: delegator.fingerprint(m.sameness),
    killed: m.ports.killed?.(request.subject),
    rates: m.rules.policy.rates.length === 0 ? NO_RATES : m.ports.rates.read(request, m.ports.clock.now()),
    ...(opinions === undefined ? {} : { opinions }),
  };
}

const NONE: readonly string[] = [];

function readRates({ ports, rules, request, permits }: Mediation): readonly RateReading[] {
  if (rules.policy.rates.length === 0) return NO_RATES;
  const readings = ports.rates.read(request, ports.clock.now());
  return permits?.settle(readings) ?? readings;
}

const NO_RATES: readonly RateReading[] = [];
