import type { JsonObject } from '@aegis/core';
import type { ListKind, ServerDescription, StrayCounts, UpstreamLink } from '../server.ts';

/** One line to a server with sessions: started when it is first used, and again after it was lost. */
export interface Line extends UpstreamLink {
  readonly description: ServerDescription | undefined;
  /** At once when it is up. Throws `UpstreamError`. */
  start(): Promise<ServerDescription>;
}

/** What a line is told of where it stands. */
export interface LineContext {
  /** Whether one client session has it for itself. */
  readonly isolated: boolean;
  /**
   * What the server is told that it can ask. On a line that clients share nothing it asks is answered: of an
   * isolated server that line reads the lists, and is told what the manifest allows, so that they are whole.
   */
  readonly capabilities: JsonObject;
  readonly stray: StrayCounts;
  listChanged(kind: ListKind): void;
  /** The line was closed. */
  closed(): void;
}

/** The most links that the child processes of one server may stand behind at the same time. */
export const MAX_LINKS = 64;
