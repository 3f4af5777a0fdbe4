import { tagged } from '../approval/question.ts';
import type { Payload } from '../ledger/payloads.ts';
import type { Envelope, EventDraft } from '../model/event.ts';
import { type KillSwitch, type KillTarget, killTargetText } from './kill-switch.ts';

/** A person's word about a switch. */
export interface KillWord {
  readonly target: KillTarget;
  readonly by: string;
  readonly door: string;
  readonly why?: string | undefined;
  /** Fingerprint of the newest stop of the same target; undefined before the first. */
  readonly pinned: string | undefined;
  /** Of a new stop: 64 hex digits that nobody can guess. Undefined lets the target go on. */
  readonly fingerprint: string | undefined;
}

/** The event of a switch that is thrown, or put back. `mac` authenticates with a key that is not in the store. */
export function killDraft(word: KillWord, mac: (text: string) => string): EventDraft {
  const { target, by, door, why, pinned, fingerprint } = word;
  return {
    type: 'KILL_SWITCHED',
    payload: {
      scope: target.scope,
      ...(target.scope === 'all' ? {} : { name: target.name }),
      killed: fingerprint !== undefined,
      ...(fingerprint === undefined ? {} : { fingerprint }),
      ...(pinned === undefined ? {} : { pinned }),
      by,
      door,
      ...(why === undefined ? {} : { why }),
      proof: mac(killText(word)),
    },
  };
}

/** The switch that an event has thrown; undefined for every other event. */
export function thrownBy({
  event_type: type,
  payload,
  ts_unix_ms: sinceMs,
}: Envelope): KillSwitch | undefined {
  if (type !== 'KILL_SWITCHED') return undefined;
  const said = payload as Payload<'KILL_SWITCHED'>;
  if (!said.killed) return undefined;
  const { by, why } = said;
  return { ...targetOf(said), by, ...(why === undefined ? {} : { why }), sinceMs };
}

/**
 * Whether an event lets the target of a stop go on.
 *
 * SECURITY: it has to speak of exactly this stop, on the word of a process that has the key: who can write to the
 * store and has none can start nothing again, not even with an older event.
 */
export function endsStop(
  { event_type: type, payload }: Envelope,
  stop: { readonly target: KillTarget; readonly fingerprint: string },
  mac: (text: string) => string,
): boolean {
  if (type !== 'KILL_SWITCHED') return false;
  const said = payload as Payload<'KILL_SWITCHED'>;
  const target = targetOf(said);
  const word = {
    target,
    by: said.by,
    door: said.door,
    why: said.why,
    pinned: said.pinned,
    fingerprint: undefined,
  };
  return (
    !said.killed &&
    killTargetText(target) === killTargetText(stop.target) &&
    said.pinned === stop.fingerprint &&
    said.proof === mac(killText(word))
  );
}

function targetOf({ scope, name = '' }: Payload<'KILL_SWITCHED'>): KillTarget {
  return scope === 'all' ? { scope } : { scope, name };
}

function killText({ target, by, door, why, pinned, fingerprint }: KillWord): string {
  return tagged('aegis kill/1', {
    target: killTargetText(target),
    by,
    door,
    why: why ?? null,
    pinned: pinned ?? null,
    fingerprint: fingerprint ?? null,
  });
}
