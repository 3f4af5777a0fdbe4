import type { JsonObject } from '@aegis/core';
import type { Kernel, SessionHandle } from '../../../enforce/door.ts';
import { isSince, type SessionRevision } from '../../revision.ts';
import { answers } from '../ask.ts';
import { ClientRequests } from './client-requests.ts';
import { DEFAULT_LOG_LEVEL, type LogLevel } from '../log-level.ts';
import { ShownPages } from './shown-pages.ts';
import type { FrontStrayCounts } from './stray.ts';

/** The client of one session, as the servers may talk to it. */
export class ClientSide {
  readonly kernel: Kernel;
  readonly handle: SessionHandle;
  /** What the client declared that it can be asked. */
  readonly declared: JsonObject;
  readonly knowsProgressMessages: boolean;
  /** Whether the client can be sent to pages. */
  readonly opensPages: boolean;
  readonly requests = new ClientRequests();
  readonly pages = new ShownPages();
  readonly stray: FrontStrayCounts;
  /** How many questions are being judged or wait for the client. */
  asking = 0;
  logLevel: LogLevel = DEFAULT_LOG_LEVEL;

  constructor(
    kernel: Kernel,
    handle: SessionHandle,
    declared: JsonObject,
    revision: SessionRevision,
    stray: FrontStrayCounts,
  ) {
    this.kernel = kernel;
    this.handle = handle;
    this.declared = declared;
    this.opensPages = answers(declared, 'elicitation/create', { mode: 'url' });
    this.knowsProgressMessages = isSince(revision, '2025-03-26');
    this.stray = stray;
  }
}
