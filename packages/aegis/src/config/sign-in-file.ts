import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isJsonObject, type JsonObject, parseStrict } from '@aegis/core';
import { replaceOwnFile } from '../disk/put.ts';
import { userFolder } from './places.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What `aegis login` keeps of a person at one daemon. */
export interface KeptSignIn {
  readonly token: string;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
  readonly renewal: string | undefined;
}

/** Where the sign-ins of a user are kept. */
export function signInFile(environment: Environment): string {
  return join(userFolder(environment), 'sign-in.json');
}

/** The sign-in at a daemon; undefined when there is none. */
export async function readSignIn(environment: Environment, url: string): Promise<KeptSignIn | undefined> {
  const kept = (await readAll(environment))[url];
  if (!isJsonObject(kept)) return undefined;
  const { token, expires_at_ms: expiresAtMs, renewal } = kept;
  if (typeof token !== 'string' || typeof expiresAtMs !== 'number') return undefined;
  return { token, expiresAtMs, renewal: typeof renewal === 'string' ? renewal : undefined };
}

/** Keeps a sign-in, or forgets it. SECURITY: the file is its owner's alone, from the first byte on. */
export async function keepSignIn(
  environment: Environment,
  url: string,
  kept: KeptSignIn | undefined,
): Promise<void> {
  const { [url]: _, ...others } = await readAll(environment);
  const all: JsonObject =
    kept === undefined
      ? others
      : {
          ...others,
          [url]: {
            token: kept.token,
            expires_at_ms: kept.expiresAtMs,
            ...(kept.renewal === undefined ? {} : { renewal: kept.renewal }),
          },
        };
  const file = signInFile(environment);
  if (Object.keys(all).length === 0) return rm(file, { force: true });
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await replaceOwnFile(file, `${JSON.stringify(all, undefined, 2)}\n`);
}

async function readAll(environment: Environment): Promise<JsonObject> {
  const text = await readFile(signInFile(environment), 'utf8').catch(() => '{}');
  const parsed = parseStrict(text);
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : {};
}
