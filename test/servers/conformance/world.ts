import { createRequestStateCodec, type RequestStateCodec } from '@modelcontextprotocol/server';
import { ChangingLists } from './changing-lists.ts';

/** What a tool of several rounds keeps between them; it travels through the client, sealed. */
export interface RoundState {
  /** Rounds that were answered. */
  readonly answered: number;
  readonly name?: string;
}

/** What every connection of one process shares: in the stateless era there is a server per request. */
export interface World {
  readonly lists: ChangingLists;
  readonly states: RequestStateCodec<RoundState>;
}

/** A world of its own; `key` seals request states and has at least 32 bytes. */
export function createWorld(key: Uint8Array): World {
  return { lists: new ChangingLists(), states: createRequestStateCodec<RoundState>({ key }) };
}
