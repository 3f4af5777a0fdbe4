import {
  AegisError,
  type Envelope,
  type ExportRecord,
  type JsonValue,
  parseStrict,
  splitSealed,
} from '@aegis/core';
import type { StoredEntry } from '../ports.ts';
import { sha256 } from '../platform.ts';

/** A sealed value by the hash in its commitment and the position of the entry. */
export type ReadBlob = (hash: string, position: number) => Promise<Uint8Array | undefined>;

const SALT_BYTES = 32;

/**
 * An entry as it is exported. Fails with `CHAIN_BROKEN` when it does not have its hash or was sealed for another place:
 * what is broken is not passed on as evidence.
 */
export async function recordOf(entry: StoredEntry, blob: ReadBlob | undefined): Promise<ExportRecord> {
  const { position, hash, body } = entry;
  const parsed = sha256(body) === hash ? parseStrict(body) : undefined;
  if (parsed?.ok !== true) {
    throw new AegisError('CHAIN_BROKEN', `the event at position ${position} does not have its hash`, {
      help: '`aegis ledger verify` shows all that is wrong',
    });
  }
  const envelope = parsed.value as unknown as Envelope;
  const { tenant, session, seq } = entry;
  if (envelope.tenant_id !== tenant || envelope.session_id !== session || envelope.seq !== seq) {
    throw new AegisError('CHAIN_BROKEN', `the event at position ${position} was sealed for another place`, {
      help: '`aegis ledger verify` shows all that is wrong',
    });
  }
  const record = { position, hash, body, envelope };
  return blob === undefined ? record : { ...record, values: await valuesOf(record, blob) };
}

/** What was sealed and is still there, by name; erased values are absent. */
async function valuesOf(
  { envelope, position }: ExportRecord,
  blob: ReadBlob,
): Promise<Record<string, JsonValue>> {
  const values: Record<string, JsonValue> = {};
  for (const { at, h } of splitSealed(envelope.payload)?.commitments ?? []) {
    const bytes = await blob(h, position);
    if (bytes === undefined || sha256(bytes) !== h) continue;
    const parsed = parseStrict(new TextDecoder().decode(bytes.subarray(SALT_BYTES)));
    if (parsed.ok) values[at.slice(1)] = parsed.value;
  }
  return values;
}
