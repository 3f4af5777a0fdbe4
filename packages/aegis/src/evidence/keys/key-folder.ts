import { join } from 'node:path';
import { AegisError } from '@aegis/core';
import { sha256 } from '../../platform.ts';
import { holding } from './folder-lock.ts';
import { readHeads, type SignedHeads, writeHeads } from './heads.ts';
import { generateKey, readKey, type SigningKey } from './key-pair.ts';
import { makePrivateFolder, readPrivate, removePrivate, replacePrivate } from './private-file.ts';
import { type KeyEntry, type KeyRecord, readRecord, writeRecord } from './record.ts';

/** What a key folder holds at one moment. */
export interface Keys {
  /** What `ledger.json` says; undefined when there is none. */
  readonly record: KeyRecord | undefined;
  /** What was signed last; undefined when the file is gone. */
  readonly heads: SignedHeads | undefined;
  /** The keys that sign now, the newest last. Fails with `STORE_UNAVAILABLE` when one is not there. */
  signers(nowMs: number): Promise<readonly SigningKey[]>;
}

/** A key folder while nobody else can change it. */
export interface HeldKeys extends Keys {
  /** Makes a key; it signs nothing before a record names it. */
  addKey(nowMs: number): Promise<KeyEntry>;
  /** Removes a key that no record names. */
  removeKey(key: KeyEntry): Promise<void>;
  /** INVARIANT: durable before anything that was signed is shown or stored. */
  writeHeads(heads: SignedHeads): Promise<void>;
  writeRecord(record: KeyRecord): Promise<void>;
  /** Removes what can sign no more: a key that was taken away cannot be stolen. */
  removeRetired(record: KeyRecord, nowMs: number): Promise<void>;
}

/** Reads a key folder, which need not be there; nothing is written, and nobody is waited for. */
export async function readKeys(folder: string): Promise<Keys> {
  const record = await readRecord(recordFile(folder));
  return {
    record,
    heads: await readHeads(headsFile(folder)),
    signers: (nowMs) =>
      Promise.all((record?.keys ?? []).filter((key) => signs(key, nowMs)).map((key) => load(folder, key))),
  };
}

/** Works with the keys in a folder; one process at a time, and one part of it. */
export async function holdKeys<T>(folder: string, work: (held: HeldKeys) => Promise<T>): Promise<T> {
  await makePrivateFolder(folder);
  return holding(folder, async () =>
    work({
      ...(await readKeys(folder)),
      addKey: (nowMs) => addKey(folder, nowMs),
      removeKey: (key) => removePrivate(keyFile(folder, key)),
      writeHeads: (heads) => writeHeads(headsFile(folder), heads),
      writeRecord: (next) => writeRecord(recordFile(folder), next),
      async removeRetired({ keys }, nowMs) {
        for (const key of keys) if (!signs(key, nowMs)) await removePrivate(keyFile(folder, key));
      },
    }),
  );
}

function recordFile(folder: string): string {
  return join(folder, 'ledger.json');
}

function headsFile(folder: string): string {
  return join(folder, 'head.json');
}

/** Whether a key signs: until another is in its place, and then as long as they overlap. */
export function signs({ retired_ms, overlap_until_ms = 0 }: KeyEntry, nowMs: number): boolean {
  return retired_ms === undefined || nowMs < overlap_until_ms;
}

export function publicKeyOf({ public_key }: KeyEntry): Uint8Array {
  return new Uint8Array(Buffer.from(public_key, 'base64'));
}

function keyFile(folder: string, { id }: Pick<KeyEntry, 'id'>): string {
  return join(folder, `ledger-${id}.pem`);
}

async function addKey(folder: string, nowMs: number): Promise<KeyEntry> {
  const { key, pem } = generateKey();
  const id = sha256(key.publicKey).slice(0, 16);
  await replacePrivate(keyFile(folder, { id }), pem);
  return { id, created_ms: nowMs, public_key: Buffer.from(key.publicKey).toString('base64') };
}

async function load(folder: string, entry: KeyEntry): Promise<SigningKey> {
  const file = keyFile(folder, entry);
  const pem = await readPrivate(file);
  if (pem === undefined) throw keysLost(`the key \`${file}\` is gone`);
  const key = readKey(pem, file);
  if (Buffer.compare(key.publicKey, publicKeyOf(entry)) !== 0) {
    throw keysLost(`\`${file}\` does not hold the key that ledger.json names`);
  }
  return key;
}

/** Keys that should be there are not: without them nothing can show that the ledger is the same. */
export function keysLost(what: string): AegisError {
  return new AegisError('STORE_UNAVAILABLE', what, {
    help: 'put the key folder back from a backup; if it is lost, `aegis ledger rotate-key --lost --because TEXT` begins the next epoch with a new key',
  });
}
