import type { JsonObject } from '@aegis/core';
import type { ListKind, Notice, ServerDescription, UpstreamLink } from '../server.ts';
import type { Stray } from '../stray.ts';

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
  readonly stray: Stray;
  listChanged(kind: ListKind): void;
  /** The line was closed. */
  closed(): void;
}

/** On a line of one client: what the server has for this client alone may be something else now. */
export const RESOURCES_CHANGED: Notice = { method: 'notifications/resources/list_changed', params: {} };

/** The most links that the child processes of one server may stand behind at the same time. */
export const MAX_LINKS = 64;
