import { UpstreamError, type Secret, type SecretReference, type SecretStore } from '../../ports.ts';

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

export interface StdioDefinition {
  readonly kind: 'stdio';
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly cwd?: string;
  /** With `PATH`, the whole environment of the server. */
  readonly env: Readonly<Record<string, ConfiguredValue>>;
  readonly restart?: RestartPolicy;
}

export interface HttpDefinition {
  readonly kind: 'http';
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, ConfiguredValue>>;
  /** The most requests in flight; further ones wait their turn. */
  readonly maxConcurrency: number;
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
    return await store.resolve(reference);
  } catch {
    throw new UpstreamError(
      'unavailable',
      `the secret for \`${name}\` of server \`${server}\` cannot be read`,
    );
  }
}
