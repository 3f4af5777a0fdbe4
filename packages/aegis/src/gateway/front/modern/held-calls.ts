import { randomBytes } from 'node:crypto';
import type { Caller } from '../../../enforce/door.ts';
import type { Call } from './call.ts';
import type { ModernLimits } from './limits.ts';
import type { Run } from './run.ts';

interface Held {
  readonly id: string;
  readonly run: Run;
  readonly call: Call;
  /** How often it was left to the client. */
  round: number;
  /** Set while it is left to the client. */
  expiry: NodeJS.Timeout | undefined;
  /** The run is told no more that it holds the call. */
  readonly released: () => void;
}

/** Calls whose servers have asked the client something: the client comes back for them, or they expire. */
export class HeldCalls {
  readonly #limits: ModernLimits;
  readonly #byCall = new Map<Call, Held>();
  readonly #byId = new Map<string, Held>();
  readonly #counts = new Map<string, number>();

  constructor(limits: ModernLimits) {
    this.#limits = limits;
  }

  /** Makes sure that a call can be held. False when its caller, or all together, hold too many. */
  reserve(run: Run, call: Call): boolean {
    if (this.#byCall.has(call)) return true;
    const key = keyOf(run.caller);
    const mine = this.#counts.get(key) ?? 0;
    if (mine >= this.#limits.maxHeldPerCaller || this.#byId.size >= this.#limits.maxHeld) return false;
    this.#counts.set(key, mine + 1);
    const id = randomBytes(16).toString('base64url');
    const released = run.onEnd(() => this.forget(call));
    const held: Held = { id, run, call, round: 0, expiry: undefined, released };
    this.#byCall.set(call, held);
    this.#byId.set(held.id, held);
    return true;
  }

  /** Leaves a call to the client, for a time; says how it is found again. Undefined when it is over. */
  leave(call: Call): { readonly call: string; readonly round: number } | undefined {
    const held = this.#byCall.get(call);
    if (held === undefined || call.isOver) return undefined;
    held.round++;
    held.expiry = setTimeout(() => this.#expire(held), this.#limits.answerMs).unref();
    return { call: held.id, round: held.round };
  }

  /** The call that was left to this run, once for each time that it was left; undefined for any other. */
  take(id: string, round: number, run: Run): Call | undefined {
    const held = this.#byId.get(id);
    if (held === undefined || held.run !== run || held.round !== round || held.expiry === undefined) {
      return undefined;
    }
    clearTimeout(held.expiry);
    held.expiry = undefined;
    return held.call;
  }

  /** The call is over: whoever it was left to may still come back for what became of it. */
  over(call: Call): void {
    const held = this.#byCall.get(call);
    if (held !== undefined && held.expiry === undefined) this.#remove(held);
  }

  /** Nobody comes back for the call. */
  forget(call: Call): void {
    const held = this.#byCall.get(call);
    if (held !== undefined) this.#remove(held);
  }

  #expire(held: Held): void {
    held.expiry = undefined;
    if (held.call.isOver) this.#remove(held);
    else held.call.giveUp();
  }

  #remove(held: Held): void {
    clearTimeout(held.expiry);
    held.released();
    this.#byCall.delete(held.call);
    this.#byId.delete(held.id);
    const key = keyOf(held.run.caller);
    const mine = (this.#counts.get(key) ?? 1) - 1;
    if (mine === 0) this.#counts.delete(key);
    else this.#counts.set(key, mine);
  }
}

function keyOf({ tenant, agent, user }: Caller): string {
  return JSON.stringify([tenant, agent, user]);
}
