import { isJsonObject, type JsonObject, parseStrict } from '@aegis/core';
import type { Secret } from '../../ports.ts';
import { vaultFault } from '../document.ts';
import { type KeyPlace, rawKey } from './raw-key.ts';
import type { WrappingKey } from './wrapping-key.ts';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER = 64 * 1024;

/** A HashiCorp Vault or an OpenBao, and who asks it. */
export interface RemoteVault {
  /** Without a path. */
  readonly url: string;
  readonly namespace: string | undefined;
  readonly token: () => Promise<Secret>;
}

/**
 * A key of the transit engine, which never leaves it: the data key is encrypted and decrypted there
 * (`/v1/<mount>/encrypt/<key>`, `/v1/<mount>/decrypt/<key>`), bound to this vault as associated data.
 */
export function transitKey(remote: RemoteVault, mount: string, key: string): WrappingKey {
  const name = `${remote.url}/v1/${mount}/keys/${key}`;
  const ask = async (verb: 'encrypt' | 'decrypt', body: JsonObject): Promise<JsonObject | undefined> => {
    const answer = await askRemote(remote, 'POST', `${mount}/${verb}/${key}`, body);
    // The service answers 400 to what it did not encrypt; so it does to a request that is wrong altogether.
    if (answer.status === 400 && verb === 'decrypt') return undefined;
    return dataOf(answer, name);
  };
  return {
    kind: 'transit',
    name,
    prepare: () => Promise.resolve(),
    async wrap(dataKey, context) {
      const answer = await ask('encrypt', { plaintext: base64(dataKey), associated_data: base64(context) });
      const ciphertext = answer?.['ciphertext'];
      if (typeof ciphertext !== 'string') throw strange(name);
      return { kind: 'transit', ciphertext };
    },
    async unwrap(wrapped, context) {
      if (wrapped.kind !== 'transit') return undefined;
      const { ciphertext } = wrapped;
      const answer = await ask('decrypt', { ciphertext, associated_data: base64(context) });
      if (answer === undefined) return undefined;
      const { plaintext } = answer;
      if (typeof plaintext !== 'string') throw strange(name);
      return new Uint8Array(Buffer.from(plaintext, 'base64'));
    },
  };
}

/** A key that is a field of a secret in the KV engine (version 1 or 2), read anew each time. */
export function kvKey(remote: RemoteVault, path: string, field: string): WrappingKey {
  const name = `${remote.url}/v1/${path} (${field})`;
  const missing = {
    why: `there is no field \`${field}\``,
    help: `put 32 random bytes in base64 there: \`openssl rand -base64 32\``,
  };
  const place: KeyPlace = {
    name,
    missing,
    async read() {
      const answer = await askRemote(remote, 'GET', path);
      if (answer.status === 404) return undefined;
      const data = dataOf(answer, name);
      const inner = data['data'];
      // Version 2 has the fields one level deeper, beside `metadata`.
      const fields = isJsonObject(inner) && isJsonObject(data['metadata']) ? inner : data;
      const value = fields[field];
      return typeof value === 'string' ? value : undefined;
    },
  };
  return rawKey(place);
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** SECURITY: nobody but the configured address is asked, and shown the token: a redirect is an error. */
async function askRemote(
  { url, namespace, token }: RemoteVault,
  method: 'GET' | 'POST',
  path: string,
  body?: JsonObject,
): Promise<Answer> {
  const shown = (await token()).reveal();
  try {
    const answer = await fetch(`${url}/v1/${path}`, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        'x-vault-request': 'true',
        'x-vault-token': shown,
        ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, text: await boundedText(answer) };
  } catch {
    throw vaultFault(
      `${url}/v1/${path}`,
      'the service does not answer',
      'look whether it runs, and is unsealed',
    );
  }
}

async function boundedText(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body ?? []) {
    size += part.length;
    if (size > MAX_ANSWER) throw new Error('the answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** SECURITY: what the service says in words is not shown: it can quote what it was asked. */
function dataOf({ status, text }: Answer, where: string): JsonObject {
  if (status === 403) throw vaultFault(where, 'the token may not use it', 'look at its policies and its age');
  if (status === 503) throw vaultFault(where, 'the service is sealed', 'unseal it');
  if (status !== 200) throw vaultFault(where, `the service answers ${status}`, 'look at its name and mount');
  const parsed = parseStrict(text);
  const data = parsed.ok && isJsonObject(parsed.value) ? parsed.value['data'] : undefined;
  if (isJsonObject(data)) return data;
  throw strange(where);
}

function strange(where: string): Error {
  return vaultFault(where, 'it answers with something else than its API has', 'look at the address');
}

function base64(bytes: Uint8Array | string): string {
  return Buffer.from(bytes).toString('base64');
}
