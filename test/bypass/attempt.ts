import type { Client } from './door/client.ts';
import type { Composer } from './door/compose.ts';
import type { Door } from './door/door.ts';
import type { Outcome } from './door/message.ts';
import type { Shot } from './door/shot.ts';

/** What a gateway must have for an attempt to mean anything. */
export type Need =
  /** It asks its clients who they are. */
  | 'token'
  /** It knows a second caller. */
  | 'other caller'
  /** It names the session of its client in a header. */
  | 'session'
  | 'neighbour'
  | 'prompts'
  | 'resources'
  | 'completion'
  | 'subscriptions'
  /** It brings one call to several servers. */
  | 'composite';

export type Decision = 'allowed' | 'denied';

/** What must be true after an attempt. Without any of it: nothing was run, the answer refuses, one denial. */
export interface Expectation {
  /** What may and must really be done, permitted things only. */
  readonly reaches: number;
  /** `any`: a part of what was asked for is permitted. */
  readonly answer: 'refused' | 'any';
  /** Every decision that must be recorded, in any order; none for what no known caller said. */
  readonly records: readonly Decision[];
}

/** Where an attempt takes place. */
export interface Stage {
  readonly door: Door;
  readonly client: Client;
  /** Unlike that of any other attempt. */
  readonly nonce: string;
  /** What proves who the client is; empty where nobody asks. */
  readonly token: string;
  /** One more client at the same door, of the same caller or of another one. */
  readonly another: (who?: 'caller' | 'other') => Promise<Client>;
  /** Fulfilled when a call with this nonce is being run, or a while has passed. */
  readonly reached: (nonce: string) => Promise<void>;
  /** Says what went wrong, beyond what is seen without. */
  readonly accuse: (words: string) => void;
}

/** One attempt to get round a gateway. */
export interface Attempt {
  readonly id: string;
  /** What gateways get wrong, in words. */
  readonly mistake: string;
  /** A gateway that makes the permitted half of it is lax, and has not been got round. */
  readonly harmless?: true;
  /** It spoils the client that makes it, so that this is one of its own. */
  readonly own?: true;
  /** Every door where it can be made; all of them without. */
  readonly doors?: (door: Door) => boolean;
  readonly needs?: readonly Need[];
  /** Makes the attempt and gives every answer that must refuse. */
  readonly run: (stage: Stage) => Promise<readonly Outcome[]>;
  readonly expect?: Partial<Expectation> | ((door: Door) => Partial<Expectation>);
}

const REFUSED_ONCE: Expectation = { reaches: 0, answer: 'refused', records: ['denied'] };

export function expectationOf({ expect = {} }: Attempt, door: Door): Expectation {
  return { ...REFUSED_ONCE, ...(typeof expect === 'function' ? expect(door) : expect) };
}

/** An attempt that is made with one shot, or with several in order. */
export function firing(shots: (compose: Composer, stage: Stage) => Shot | readonly Shot[]): Attempt['run'] {
  return async (stage) => {
    const outcomes: Outcome[] = [];
    for (const shot of [shots(stage.client.compose, stage)].flat())
      outcomes.push(await stage.client.fire(shot));
    return outcomes;
  };
}

/** Nobody known said it: strangers must not be able to fill a ledger. */
export const UNHEARD: Partial<Expectation> = { records: [] };

/** It goes on, and each part of it is permitted. */
export function permitted(calls = 1): Partial<Expectation> {
  return { reaches: calls, answer: 'any', records: Array.from({ length: calls }, () => 'allowed' as const) };
}
