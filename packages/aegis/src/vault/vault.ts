import { randomBytes, timingSafeEqual } from 'node:crypto';
import { AegisError, canonicalJson, type JsonObject } from '@aegis/core';
import { deriveKey, KEY_BYTES, macOf, openBox, sealBox } from './box.ts';
import {
  MAX_ENTRIES,
  MAX_VALUE_BYTES,
  parseVault,
  type SealedEntry,
  VAULT_FORMAT,
  type VaultDocument,
  vaultFault,
} from './document.ts';
import { holdingFile, MAX_VAULT_BYTES, readOwn, replaceOwn } from './file.ts';
import type { WrappingKey } from './wrapping/wrapping-key.ts';

/** Where a vault is, and what opens it. */
export interface VaultPlace {
  readonly file: string;
  readonly key: WrappingKey;
  /** What opened it before; tried when `key` does not, so that a change of keys can be done at any time. */
  readonly oldKey: WrappingKey | undefined;
}

/** What is known of a secret beside its value. */
export type SecretFacts = Omit<SealedEntry, 'nonce' | 'sealed'>;

/** A vault whose key fits, and whose file nobody changed who has not that key. */
export interface OpenVault {
  readonly generation: number;
  readonly entries: readonly SecretFacts[];
  /** Undefined when there is none of that name. */
  reveal(name: string): { readonly value: string; readonly version: number } | undefined;
}

/** What is to become of a vault. */
export type VaultChange =
  | {
      readonly kind: 'put';
      readonly name: string;
      readonly value: string;
      readonly description?: string | undefined;
      readonly service?: string | undefined;
      /** What has to be there under the name; absent: whatever there is. */
      readonly over?: 'nothing' | 'something';
    }
  | { readonly kind: 'remove'; readonly name: string }
  /** A new data key, sealed with the key of the place; everything is encrypted anew. */
  | { readonly kind: 'rekey' };

/** A change as it is about to be written. */
export interface AnnouncedChange {
  readonly kind: 'added' | 'replaced' | 'removed' | 'rekeyed';
  readonly name: string | undefined;
  readonly version: number | undefined;
  readonly generation: number;
}

/** What is known of the secrets of a vault; no key is needed, and nothing is verified. Undefined when there is no vault. */
export async function readFacts(file: string): Promise<readonly SecretFacts[] | undefined> {
  const text = await readOwn(file);
  return text === undefined ? undefined : factsOf(parseVault(text, file));
}

/** Opens a vault. Undefined when there is none. Fails with `CONFIG_INVALID`. */
export async function openVault(place: VaultPlace): Promise<OpenVault | undefined> {
  const text = await readOwn(place.file);
  if (text === undefined) return undefined;
  const document = parseVault(text, place.file);
  const dataKey = await unlock(document, place);
  return {
    generation: document.generation,
    entries: factsOf(document),
    reveal(name) {
      const entry = document.entries.find((one) => one.name === name);
      if (entry === undefined) return undefined;
      return { value: openEntry(document.id, dataKey, entry, place.file), version: entry.version };
    },
  };
}

/**
 * Changes a vault, one process at a time; makes it when something is put into none. `announce` hears of the changes
 * before they are written. After a crash at any point the file is the old one or the new one. Fails with
 * `CONFIG_INVALID`, and as `announce` does.
 */
export function changeVault(
  place: VaultPlace,
  nowMs: number,
  changes: readonly [VaultChange, ...VaultChange[]],
  announce: (changes: readonly AnnouncedChange[]) => Promise<void>,
): Promise<readonly AnnouncedChange[]> {
  return holdingFile(place.file, async () => {
    const text = await readOwn(place.file);
    const before = text === undefined ? await begin(place, nowMs) : await unlocked(text, place);
    let after = { ...before, document: { ...before.document, generation: before.document.generation + 1 } };
    const announced: AnnouncedChange[] = [];
    for (const change of changes) {
      const { next, said } = await applied(after, change, place, nowMs);
      after = next;
      announced.push({ ...said, generation: after.document.generation });
    }
    const { mac: _mac, ...body } = after.document;
    const written: VaultDocument = { ...body, mac: macOfDocument(body, after.dataKey) };
    const next = `${JSON.stringify(written, undefined, 2)}\n`;
    requireReadable(next, place.file);
    await announce(announced);
    await replaceOwn(place.file, next);
    return announced;
  });
}

// INVARIANT: what could not be read again is not written: everything in it would be lost.
function requireReadable(text: string, file: string): void {
  if (Buffer.byteLength(text) > MAX_VAULT_BYTES) {
    const why = `it would be larger than ${MAX_VAULT_BYTES} bytes: nothing was changed`;
    throw vaultFault(file, why, 'take secrets out, or keep long ones in files');
  }
  parseVault(text, file);
}

interface Unlocked {
  readonly document: VaultDocument;
  readonly dataKey: Uint8Array;
}

async function begin({ key }: VaultPlace, nowMs: number): Promise<Unlocked> {
  await key.prepare();
  const dataKey = randomBytes(KEY_BYTES);
  const id = randomBytes(16).toString('hex');
  const wrapped = await key.wrap(dataKey, wrapContext(id));
  const empty = { generation: 0, key_made_ms: nowMs, entries: [], mac: '' };
  return { dataKey, document: { format: VAULT_FORMAT, id, wrapped, ...empty } };
}

async function unlocked(text: string, place: VaultPlace): Promise<Unlocked> {
  const document = parseVault(text, place.file);
  return { document, dataKey: await unlock(document, place) };
}

type Said = Omit<AnnouncedChange, 'generation'>;

async function applied(
  { document, dataKey }: Unlocked,
  change: VaultChange,
  place: VaultPlace,
  nowMs: number,
): Promise<{ readonly next: Unlocked; readonly said: Said }> {
  if (change.kind === 'rekey') {
    const fresh = randomBytes(KEY_BYTES);
    await place.key.prepare();
    const wrapped = await place.key.wrap(fresh, wrapContext(document.id));
    const entries = document.entries.map((entry) => {
      const value = openEntry(document.id, dataKey, entry, place.file);
      return sealEntry(document.id, fresh, entry, value);
    });
    const next = { dataKey: fresh, document: { ...document, wrapped, key_made_ms: nowMs, entries } };
    return { next, said: { kind: 'rekeyed', name: undefined, version: undefined } };
  }
  const { name } = change;
  const known = document.entries.find((entry) => entry.name === name);
  const others = document.entries.filter((entry) => entry.name !== name);
  if (change.kind === 'remove') {
    if (known === undefined) throw noSecret(name);
    const next = { dataKey, document: { ...document, entries: others } };
    return { next, said: { kind: 'removed', name, version: known.version } };
  }
  // Looked at here, and not only before a person typed the value: others write, too.
  if (change.over === 'nothing' && known !== undefined) throw secretExists(name);
  if (change.over === 'something' && known === undefined) throw noSecret(name);
  if (Buffer.byteLength(change.value) > MAX_VALUE_BYTES) {
    throw new AegisError(
      'INPUT_TOO_LARGE',
      `the value of \`${name}\` is larger than ${MAX_VALUE_BYTES} bytes`,
    );
  }
  if (others.length >= MAX_ENTRIES)
    throw vaultFault(place.file, `it has ${MAX_ENTRIES} secrets`, 'remove some');
  const description = change.description ?? known?.description;
  const service = change.service ?? known?.service;
  const facts: SecretFacts = {
    name,
    version: (known?.version ?? 0) + 1,
    ...(description === undefined ? {} : { description }),
    ...(service === undefined ? {} : { service }),
    created_ms: known?.created_ms ?? nowMs,
    changed_ms: nowMs,
  };
  const entry = sealEntry(document.id, dataKey, facts, change.value);
  const entries = [...others, entry].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const kind = known === undefined ? 'added' : 'replaced';
  return {
    next: { dataKey, document: { ...document, entries } },
    said: { kind, name, version: facts.version },
  };
}

/** The fault of a change that needs a secret. */
export function noSecret(name: string): AegisError {
  return new AegisError('NOT_FOUND', `there is no secret \`${name}\` in the vault`, {
    help: '`aegis secret list` shows what there is',
  });
}

/** The fault of a change that needs a name of its own. */
export function secretExists(name: string): AegisError {
  return new AegisError('CONFLICT', `the vault has a secret \`${name}\` already`, {
    help: `aegis secret rotate ${name}`,
  });
}

async function unlock(document: VaultDocument, { file, key, oldKey }: VaultPlace): Promise<Uint8Array> {
  const context = wrapContext(document.id);
  const fits = async (one: WrappingKey): Promise<Uint8Array | undefined> =>
    one.kind === document.wrapped.kind ? one.unwrap(document.wrapped, context) : undefined;
  const dataKey =
    oldKey === undefined
      ? await fits(key)
      : ((await fits(key).catch(() => undefined)) ?? (await fits(oldKey)));
  // SECURITY: another key and a changed file are one answer: whoever tries keys learns nothing from it.
  if (dataKey === undefined || dataKey.length !== KEY_BYTES || !isWhole(document, dataKey)) {
    throw vaultFault(
      file,
      `${key.name} does not open it: it is another key, or the file was changed`,
      'name the key that it was closed with under [vault], or put the file back from a backup',
    );
  }
  return dataKey;
}

function isWhole({ mac, ...body }: VaultDocument, dataKey: Uint8Array): boolean {
  const expected = Buffer.from(macOfDocument(body, dataKey));
  const found = Buffer.from(mac);
  return expected.length === found.length && timingSafeEqual(expected, found);
}

// INVARIANT: every entry, its order, the wrapped key and the generation are under one seal: nothing can be
// swapped, taken out, or put back from an older file.
function macOfDocument(body: Omit<VaultDocument, 'mac'>, dataKey: Uint8Array): string {
  return macOf(deriveKey(dataKey, body.id, 'aegis vault file'), canonicalJson(body as unknown as JsonObject));
}

function wrapContext(id: string): string {
  return `${VAULT_FORMAT} data key of ${id}`;
}

function contextOf(id: string, facts: SecretFacts): string {
  const { name, version, description = null, service = null, created_ms, changed_ms } = facts;
  return canonicalJson([VAULT_FORMAT, id, name, version, description, service, created_ms, changed_ms]);
}

function sealEntry(id: string, dataKey: Uint8Array, facts: SecretFacts, value: string): SealedEntry {
  const key = deriveKey(dataKey, id, 'aegis vault entries');
  const { name, version, description, service, created_ms, changed_ms } = facts;
  return {
    name,
    version,
    ...(description === undefined ? {} : { description }),
    ...(service === undefined ? {} : { service }),
    created_ms,
    changed_ms,
    ...sealBox(key, Buffer.from(value), contextOf(id, facts)),
  };
}

function openEntry(id: string, dataKey: Uint8Array, entry: SealedEntry, file: string): string {
  const plain = openBox(deriveKey(dataKey, id, 'aegis vault entries'), entry, contextOf(id, entry));
  if (plain === undefined)
    throw vaultFault(file, `the secret \`${entry.name}\` was changed`, 'put the file back');
  return plain.toString('utf8');
}

function factsOf({ entries }: VaultDocument): readonly SecretFacts[] {
  return entries.map(({ nonce: _nonce, sealed: _sealed, ...facts }) => facts);
}
