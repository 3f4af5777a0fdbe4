import type { Envelope } from '@aegis/core';

/** What an event says of a pinned definition, of a policy, or of a kill switch. */
export interface PinEvent {
  /** JSON of `[server, kind, name]`; of a policy `["aegis", "policy", fingerprint]`, of a kill switch `["aegis", "kill", target]`. */
  readonly key: string;
  /** The fingerprint that it believes to be in force. */
  readonly believed: string | undefined;
  /** Of the definition that it speaks of; undefined when it speaks of none. */
  readonly fingerprint: string | undefined;
  /** Whether that definition is in force from then on. */
  readonly takesEffect: boolean;
}

/** Undefined for every event that is about something else. */
export function pinEventOf({ event_type: type, payload }: Envelope): PinEvent | undefined {
  if (type === 'POLICY_ACTIVATED') {
    // Each policy is a thing of its own, which is pinned once: by the event that its texts are sealed beside.
    const { fingerprint: text, known } = payload as { fingerprint: string; known: boolean };
    const key = JSON.stringify(['aegis', 'policy', text]);
    return { key, believed: known ? text : undefined, fingerprint: text, takesEffect: !known };
  }
  if (type === 'KILL_SWITCHED') {
    const { scope, name, killed, fingerprint, pinned } = payload as {
      scope: string;
      name?: string;
      killed: boolean;
      fingerprint?: string;
      pinned?: string;
    };
    return {
      key: JSON.stringify(['aegis', 'kill', name === undefined ? scope : `${scope} ${name}`]),
      believed: pinned,
      fingerprint,
      takesEffect: killed,
    };
  }
  if (type !== 'TOOL_PINNED' && type !== 'TOOL_CHANGED' && type !== 'TOOL_ACCEPTED') return undefined;
  const { server, kind, name, pinned, fingerprint } = payload;
  return {
    key: JSON.stringify([server, kind, name]),
    believed: typeof pinned === 'string' ? pinned : undefined,
    fingerprint: typeof fingerprint === 'string' ? fingerprint : undefined,
    takesEffect: type !== 'TOOL_CHANGED',
  };
}

/**
 * Says that some entry stands on a definition that is not in force, as one whose writer was overtaken by
 * another; undefined when none does. `inForce` gives the fingerprint in force before the entries.
 */
export function checkPins(
  events: readonly PinEvent[],
  inForce: (key: string) => string | undefined,
): string | undefined {
  const moved = new Map<string, string | undefined>();
  for (const { key, believed, fingerprint, takesEffect } of events) {
    if (believed !== (moved.has(key) ? moved.get(key) : inForce(key))) {
      return 'a definition was pinned by another process meanwhile';
    }
    if (takesEffect) moved.set(key, fingerprint);
  }
  return undefined;
}
