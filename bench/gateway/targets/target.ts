import type { Endpoint } from '../load/session.ts';
import type { Behind } from './configuration.ts';
import type { Installation } from './installation.ts';

export type Transport = 'http' | 'stdio';

/** What a gateway is put before: one kind of server, with so many tools. */
export interface Scene {
  readonly installation: Installation;
  readonly tools: number;
  /** Process and address of the HTTP server behind. */
  readonly upstream: { readonly pid: number; readonly origin: string };
  /** The command of the same server as a stdio child. */
  readonly child: readonly [string, ...string[]];
}

export interface Target {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly pid: number;
  /** The ledger that it writes, where it writes one. */
  readonly ledger?: string;
  /** What must hold when it has stopped; throws when it does not. */
  readonly stop: () => Promise<void>;
}

/** Something that calls are sent through. */
export interface TargetKind {
  readonly name: string;
  /** One line for the report. */
  readonly says: string;
  readonly before: readonly Transport[];
  /** Why it cannot be measured on this machine; undefined when it can. */
  readonly missing?: () => string | undefined;
  readonly start: (scene: Scene, transport: Transport) => Promise<Target>;
}

/** The server behind as this target is to reach it. */
export function behind(scene: Scene, transport: Transport, name: string): Behind {
  return transport === 'http'
    ? { url: `${scene.upstream.origin}/${name}/${scene.tools}/mcp` }
    : { command: scene.child };
}
