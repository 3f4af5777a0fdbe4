import type { Payload } from '../ledger/payloads.ts';
import type { Envelope } from '../model/event.ts';
import { type Deed, MAX_DEEDS, type OpenCall, type Snapshot } from './snapshot.ts';

/** What is known of actions that were done once one more is allowed. */
export function foldDeed(
  snapshot: Snapshot,
  { payload, ts_unix_ms: atMs }: Envelope,
): Pick<Snapshot, 'deeds' | 'lastAllowedAtMs'> {
  return withDeed(snapshot, snapshot.openCalls.get(String(payload['call_id'])), atMs);
}

/** The same of an action that was done on behalf of the session. */
export function foldDelegatedDeed(
  snapshot: Snapshot,
  { payload, ts_unix_ms: atMs }: Envelope,
): Pick<Snapshot, 'deeds' | 'lastAllowedAtMs'> {
  return withDeed(snapshot, payload as Payload<'HANDOFF_USED'>, atMs);
}

type Done = Pick<OpenCall, 'server' | 'name' | 'capabilities'>;

function withDeed(
  { deeds, steps }: Snapshot,
  call: Done | undefined,
  atMs: number,
): Pick<Snapshot, 'deeds' | 'lastAllowedAtMs'> {
  if (call === undefined) return { deeds, lastAllowedAtMs: atMs };
  const at = deeds.findIndex((deed) => isSame(deed, call));
  const before = deeds[at];
  const others = deeds.slice();
  if (before !== undefined) others.splice(at, 1);
  // The texts that are kept already: a session does not hold each of them once for every call.
  const { server, name, capabilities } = before ?? call;
  const done: Deed = { server, name, capabilities, labels: before?.labels ?? [], atMs, step: steps + 1 };
  const kept = others.length < MAX_DEEDS ? others : joined(others);
  kept.push(done);
  return { deeds: kept, lastAllowedAtMs: atMs };
}

/**
 * The same with the two oldest in one.
 *
 * INVARIANT: no number of other actions makes a session forget that it could have done something.
 */
function joined([a, b, ...others]: readonly Deed[]): Deed[] {
  if (a === undefined || b === undefined) return [];
  const several: Deed = {
    server: '',
    name: '',
    capabilities: [...new Set([...a.capabilities, ...b.capabilities])],
    labels: [...new Set([...a.labels, ...b.labels])],
    atMs: Math.max(a.atMs, b.atMs),
    step: Math.max(a.step, b.step),
    several: true,
  };
  return [several, ...others];
}

/** The same once it is known what the answer is called. */
export function foldLabels({ deeds, openCalls }: Snapshot, { payload }: Envelope): readonly Deed[] {
  const { call_id: id, labels = [] } = payload as Payload<'TOOL_RESULT'>;
  const call = labels.length === 0 ? undefined : openCalls.get(id);
  if (call === undefined) return deeds;
  const known = deeds.some((deed) => isSame(deed, call));
  return deeds.map((deed) =>
    (known ? isSame(deed, call) : deed.several === true)
      ? { ...deed, labels: [...new Set([...deed.labels, ...labels])] }
      : deed,
  );
}

function isSame(deed: Deed, { server, name, capabilities }: Done): boolean {
  return (
    deed.several !== true &&
    deed.name === name &&
    deed.server === server &&
    deed.capabilities.length === capabilities.length &&
    deed.capabilities.every((one, at) => one === capabilities[at])
  );
}
