// Somebody who has the ledger, the program and the signing key, and writes history anew.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, type Entry, type Envelope, type JsonObject, splitSealed } from '@aegis/core';
import { sha256 } from '../../packages/aegis/src/platform.ts';
import { openSqliteStore, openSqliteView } from '../../packages/aegis/src/store/sqlite.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** An event as the thief wants it to have been, and the values that go with it. */
export interface Told {
  readonly envelope: Mutable<Envelope>;
  readonly blobs: Entry['blobs'];
}

/** Every event of a ledger file, with its values. */
export async function eventsOf(ledger: string): Promise<Told[]> {
  const view = openSqliteView(ledger);
  const told: Told[] = [];
  for await (const { body, position } of view.entries()) {
    const envelope = JSON.parse(body) as Envelope;
    const blobs = [];
    for (const { h } of splitSealed(envelope.payload)?.commitments ?? []) {
      const bytes = await view.blob(h, position);
      if (bytes !== undefined) blobs.push({ hash: h, bytes });
    }
    told.push({ envelope, blobs });
  }
  await view.close();
  return told;
}

/**
 * Writes a whole ledger in which everything agrees: chains, heads and, once the program has signed it with
 * the stolen key, trees and checkpoints. Gives its configuration.
 */
export async function tellAnew(folder: string, keys: string, told: readonly Told[]): Promise<string> {
  mkdirSync(join(folder, '.aegis', 'keys'), { recursive: true, mode: 0o700 });
  const store = openSqliteStore(join(folder, '.aegis', 'aegis.db'));
  const heads = new Map<string, { seq: number; hash: string }>();
  for (const {
    envelope: { prev_hash: _, ...rest },
    blobs,
  } of told) {
    const key = `${rest.tenant_id}\n${rest.session_id}`;
    const head = heads.get(key);
    const envelope: Envelope = {
      ...rest,
      seq: (head?.seq ?? -1) + 1,
      ...(head === undefined ? {} : { prev_hash: head.hash }),
    };
    const body = canonicalJson(envelope as unknown as JsonObject);
    const hash = sha256(body);
    await store.append({ entries: [{ envelope, hash, body, blobs }] });
    heads.set(key, { seq: envelope.seq, hash });
  }
  await store.close();
  cpSync(keys, join(folder, '.aegis', 'keys'), { recursive: true });
  // Of what was signed before nothing is known any more.
  writeFileSync(join(folder, '.aegis', 'keys', 'head.json'), '{}\n', { mode: 0o600 });
  const configuration = join(folder, 'aegis.toml');
  writeFileSync(configuration, '[store]\ndsn = "file:.aegis/aegis.db"\n');
  return configuration;
}
