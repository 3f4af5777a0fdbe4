import type { Composer } from './compose.ts';
import type { Door } from './door.ts';
import type { Message, Outcome } from './message.ts';
import type { HttpReply } from './reply.ts';
import type { Shot } from './shot.ts';

/** One client of the gateway under test, which sends exactly what it is told to. */
export interface Client {
  readonly door: Door;
  readonly compose: Composer;
  /** Every message that came since `forget`, in order, on whatever line. */
  readonly messages: readonly Message[];
  /** Everything that came since `forget`, as text. */
  readonly heard: string;
  /** Sends a shot and gives what comes of it, silence included. Never rejects. */
  fire(shot: Shot): Promise<Outcome>;
  /** Lets go of what came so far, and of answers that were left open. */
  forget(): void;
  close(): Promise<void>;
}

/** A client over HTTP, which can also leave an answer open. */
export interface HttpClient extends Client {
  /** What names the session of this client, where it has one. */
  readonly session: string | undefined;
  /** Where its messages go. */
  readonly endpoint: URL;
  /** Sends a shot and gives its reply at once, to be read while it comes. */
  open(shot: Shot): HttpReply;
}

export function isHttpClient(client: Client): client is HttpClient {
  return 'open' in client;
}
