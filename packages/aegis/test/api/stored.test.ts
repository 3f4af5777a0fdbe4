import { canonicalJson, type JsonObject } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import type { Principal } from '../../src/api/principal.ts';
import { readFor } from '../../src/api/stored.ts';
import { sha256 } from '../../src/platform.ts';
import type { StoredEntry } from '../../src/ports.ts';

const ADA = { kind: 'person', person: { tenant: 'acme' } } as Principal;

function entryOf(kept: string, sealed: string, payload: JsonObject): StoredEntry {
  const body = canonicalJson({
    event_type: 'SESSION_STARTED',
    payload,
    seq: 0,
    session_id: 'ses_1',
    tenant_id: sealed,
    ts_unix_ms: 1,
    user_id: 'ada',
  });
  return { position: 1, tenant: kept, session: 'ses_1', seq: 0, hash: sha256(body), body };
}

describe('an entry that a person reads', () => {
  it('is one of their own tenant', () => {
    expect(readFor(ADA, entryOf('acme', 'acme', {}), sha256)?.envelope).toBeDefined();
    expect(readFor(ADA, entryOf('other', 'other', {}), sha256)).toBeUndefined();
  });

  it('is damage where only the store, or only the entry, says that it is theirs', () => {
    for (const [kept, sealed] of [
      ['acme', 'other'],
      ['other', 'acme'],
    ] as const) {
      expect(readFor(ADA, entryOf(kept, sealed, {}), sha256)).toMatchObject({
        envelope: undefined,
        damage: { code: 'CHAIN_BROKEN' },
      });
    }
  });

  it('is none of another tenant, whatever its payload spells', () => {
    const spelled = { x: { tenant_id: 'acme', ts_unix_ms: 1 } };
    expect(readFor(ADA, entryOf('other', 'other', spelled), sha256)).toBeUndefined();
  });

  it('is none for somebody who is no person', () => {
    expect(readFor(undefined, entryOf('acme', 'acme', {}), sha256)).toBeUndefined();
  });
});
