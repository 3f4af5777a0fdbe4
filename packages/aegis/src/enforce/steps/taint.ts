import {
  type Declassification,
  type EventDraft,
  isJsonObject,
  type JsonValue,
  sanitize,
  writtenBy,
} from '@aegis/core';
import { declassified } from '../evidence.ts';
import type { Following } from '../following.ts';
import type { Mediation } from '../mediation.ts';
import type { Session } from '../session.ts';
import { takeClearances } from './clearances.ts';

/** Establishes where the arguments come from, in a policy that asks. */
export function traceArguments(m: Mediation): Promise<void> | undefined {
  if (!m.rules.policy.followsData) return undefined;
  const clearing = takeClearances(m);
  return clearing === undefined ? traceNow(m) : clearing.then(() => traceNow(m));
}

function traceNow(m: Mediation): Promise<void> | undefined {
  const following = m.session.follow();
  const { delegators } = m;
  if (delegators !== 'ended' && delegators.length > 0) {
    return traceThrough(m, following, delegators);
  }
  if (following instanceof Promise) return following.then((ready) => trace(m, ready));
  return trace(m, following);
}

/** What those on whose behalf the call is made have read is where its arguments can come from as well. */
async function traceThrough(
  m: Mediation,
  following: Following | Promise<Following>,
  delegators: readonly Session[],
): Promise<void> {
  const theirs = await Promise.all(delegators.map(async (session) => session.follow()));
  trace(m, await following, theirs);
}

function trace(m: Mediation, following: Following, theirs: readonly Following[] = []): undefined {
  const { request, call, edit } = m;
  const said = m.rules.policy.settings.taint?.userText === true ? call.userText : undefined;
  if (said !== undefined && following.hear(said)) m.userText = said;
  if (edit !== undefined) {
    for (const text of writtenBy(edit.approval.call.args, edit.args)) following.lineage.trust(text);
  }
  const { server } = request.resource;
  const traced = { server, capabilities: m.facts.capabilities, args: request.args, kinds: m.tool?.args };
  const { taints: own, unfounded } = following.lineage.trace(traced);
  const taints = [...own, ...theirs.flatMap(({ lineage }) => lineage.trace(traced).taints)];
  const sanitized = sanitize(taints, m.rules.policy.settings.taint?.sanitizers ?? [], request);
  m.facts = { ...m.facts, taint: unfounded === undefined ? sanitized : { ...sanitized, unfounded } };
}

/** What is recorded of who vouches for arguments of a call that is allowed. */
export function declassifications(m: Mediation): EventDraft[] {
  const { taint } = m.facts;
  if (taint === undefined || m.rules.policy.settings.taint === undefined) return [];
  const drafts = taint.declassified.map((one) =>
    declassified(m, one, 'sanitizer', valueAt(m.request.args, one.at)),
  );
  const by = m.approvedBy;
  if (by === undefined) return drafts;
  return [
    ...drafts,
    ...approvedOf(m, by).map((one) => declassified(m, one, 'person', valueAt(m.request.args, one.at))),
  ];
}

/** The arguments that a person saw and let through. */
function approvedOf({ facts: { taint } }: Mediation, by: string): Declassification[] {
  const { taints = [], unfounded } = taint ?? {};
  const approved = taints
    .filter(({ use }) => use === 'authority')
    .map(({ at, labels }): Declassification => ({ at, labels, by }));
  const known = unfounded === undefined || unfounded === '' || approved.some(({ at }) => at === unfounded);
  return known ? approved : [...approved, { at: unfounded, labels: [], by }];
}

/** The value at an RFC 6901 pointer; null when there is none. */
function valueAt(value: JsonValue, pointer: string): JsonValue {
  let found: JsonValue | undefined = value;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(found)) found = found[Number(name)];
    else found = isJsonObject(found) ? found[name] : undefined;
  }
  return found ?? null;
}
