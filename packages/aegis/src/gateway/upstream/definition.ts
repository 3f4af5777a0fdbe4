import type { JsonObject } from '@aegis/core';
import { UpstreamError, type Secret, type SecretReference, type SecretStore } from '../../ports.ts';
import type { Era } from './server.ts';

export type ConfiguredValue = string | SecretReference;

/** How often a stdio server may be started again after it died. */
export interface RestartPolicy {
  /** The most exits within `windowMs` after which it is still started again. */
  readonly maxExits: number;
  readonly windowMs: number;
  /** Wait before the first new start; it doubles with each further exit in the window. */
  readonly backoffMs: number;
}

export const DEFAULT_RESTART: RestartPolicy = { maxExits: 5, windowMs: 60_000, backoffMs: 200 };

/** How a server is spoken to; `auto`, which is the default, finds it out. */
export type ConfiguredEra = Era | 'auto';

export interface StdioDefinition {
  readonly kind: 'stdio';
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly cwd?: string;
  /** With `PATH`, the whole environment of the server. */
  readonly env: Readonly<Record<string, ConfiguredValue>>;
  readonly restart?: RestartPolicy;
  readonly era?: ConfiguredEra;
  /** Whether every client session gets a process of its own. */
  readonly isolated?: boolean;
  /** What the server may ask of clients, as client capabilities. */
  readonly asks?: JsonObject;
  /** A process unused so long is ended. Default: never, and 10 minutes for one of a client session. */
  readonly idleMs?: number;
  /** A process is replaced when it is this old and has answered what it was asked. Default: never. */
  readonly maxLifetimeMs?: number;
}

export interface HttpDefinition {
  readonly kind: 'http';
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, ConfiguredValue>>;
  /** The most requests in flight; further ones wait their turn. */
  readonly maxConcurrency: number;
  readonly era?: ConfiguredEra;
  /** Whether every client session gets a session of its own with the server. */
  readonly isolated?: boolean;
  /** What the server may ask of clients, as client capabilities. */
  readonly asks?: JsonObject;
}

export type UpstreamDefinition = StdioDefinition | HttpDefinition;

/** Configured values with the secrets in place, and the secrets alone, for redaction. */
export interface ResolvedValues {
  readonly values: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** Throws `UpstreamError` (`unavailable`) when a secret cannot be had. */
export async function resolveValues(
  server: string,
  configured: Readonly<Record<string, ConfiguredValue>>,
  store: SecretStore,
): Promise<ResolvedValues> {
  const values: Record<string, string> = {};
  const secrets: string[] = [];
  for (const [name, value] of Object.entries(configured)) {
    if (typeof value === 'string') {
      values[name] = value;
      continue;
    }
    const secret = await secretOf(server, name, value, store);
    const revealed = secret.reveal();
    values[name] = revealed;
    secrets.push(revealed);
  }
  return { values, secrets };
}

async function secretOf(
  server: string,
  name: string,
  reference: SecretReference,
  store: SecretStore,
): Promise<Secret> {
  try {
    return await store.resolve(reference, `server \`${server}\``);
  } catch {
    throw new UpstreamError(
      'unavailable',
      `the secret for \`${name}\` of server \`${server}\` cannot be read`,
    );
  }
}
