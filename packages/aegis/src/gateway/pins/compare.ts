import type { DefinitionFact, EventDraft, JsonObject, PinnedKind } from '@aegis/core';
import type { Pin, SeenDefinition } from '../../enforce/door.ts';

/** One tool or prompt that a server offers now. */
export interface OfferedDefinition {
  readonly server: string;
  readonly kind: PinnedKind;
  readonly name: string;
  /** Undefined when it is nothing that can be pinned. */
  readonly fingerprint: string | undefined;
  readonly definition: JsonObject;
  /** What it takes in the ledger, roughly. */
  readonly bytes: number;
}

/** What a comparison needs of a pin: fingerprints, and not the definitions. */
export type KnownPin = Pick<Pin, 'server' | 'kind' | 'name' | 'state' | 'seen' | 'broken'> & {
  readonly pinned?: Pick<SeenDefinition, 'fingerprint'>;
};

export function knownOf({ server, kind, name, state, seen, broken, pinned }: Pin): KnownPin {
  return {
    server,
    kind,
    name,
    state,
    broken,
    ...(seen === undefined ? {} : { seen }),
    ...(pinned === undefined ? {} : { pinned: { fingerprint: pinned.fingerprint } }),
  };
}

/** What becomes of a definition that was never seen: trusted and pinned, or left waiting for a person. */
export type FirstSight = 'pin' | 'quarantine';

export function keyOf({ server, kind, name }: Pick<Pin, 'server' | 'kind' | 'name'>): string {
  return JSON.stringify([server, kind, name]);
}

/** Whether a definition with this fingerprint is the one in force. */
export function factOf(fingerprint: string | undefined, pin: KnownPin | undefined): DefinitionFact {
  if (pin?.broken === true) return 'broken';
  if (fingerprint === undefined) return 'unreadable';
  if (pin?.pinned === undefined) return 'new';
  return pin.pinned.fingerprint === fingerprint ? 'pinned' : 'changed';
}

/**
 * What is to be recorded of an offered definition; undefined when the ledger says it already. `suspect` are the ids of
 * what speaks against it.
 */
export function recordOf(
  offered: OfferedDefinition,
  pin: KnownPin | undefined,
  firstSight: FirstSight,
  suspect: readonly string[] = [],
): EventDraft | undefined {
  const { server, kind, name, fingerprint, definition } = offered;
  const fact = factOf(fingerprint, pin);
  if (fact === 'broken') return undefined;
  if (fact === 'new' && fingerprint !== undefined && firstSight === 'pin') {
    const payload = { server, kind, name, fingerprint };
    return { type: 'TOOL_PINNED', payload, sealed: { definition } };
  }
  const pinned = pin?.pinned?.fingerprint;
  const about = { server, kind, name, ...(pinned === undefined ? {} : { pinned }) };
  if (fact === 'pinned') {
    if (pin?.state === 'pinned') return undefined;
    return { type: 'TOOL_CHANGED', payload: { ...about, state: 'pinned' } };
  }
  const state = pinned === undefined ? 'new' : 'changed';
  if (pin?.state === state && pin.seen === fingerprint) return undefined;
  if (fingerprint === undefined) return { type: 'TOOL_CHANGED', payload: { ...about, state } };
  const why = suspect.length === 0 ? {} : { finding_ids: suspect };
  return { type: 'TOOL_CHANGED', payload: { ...about, state, fingerprint, ...why }, sealed: { definition } };
}

/** What is to be recorded of a pin whose server no longer offers it. */
export function recordOfGone(pin: KnownPin): EventDraft | undefined {
  if (pin.broken || pin.state === 'gone') return undefined;
  const { server, kind, name, pinned } = pin;
  const inForce = pinned === undefined ? {} : { pinned: pinned.fingerprint };
  return { type: 'TOOL_CHANGED', payload: { server, kind, name, ...inForce, state: 'gone' } };
}
