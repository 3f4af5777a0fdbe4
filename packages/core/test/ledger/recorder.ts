import { hash } from 'node:crypto';
import type { LedgerRow } from '../../src/ledger/entry-check.ts';
import { seal } from '../../src/ledger/chain.ts';
import { checkTransition } from '../../src/ledger/transitions.ts';
import type { Entry, EventDraft } from '../../src/model/event.ts';
import type { Sha256 } from '../../src/model/hash.ts';
import { fold, startSnapshot } from '../../src/session/fold.ts';
import type { Snapshot } from '../../src/session/snapshot.ts';

export const sha256: Sha256 = (data) => hash('sha256', data, 'hex');

const encoder = new TextEncoder();
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

export const START_MS = 1_763_683_200_000;

/** Seals drafts into one session's chain; time and salts are counted, so that runs are equal. */
export class Recorder {
  readonly entries: Entry[] = [];
  readonly session: string;
  readonly tenant: string;
  snapshot: Snapshot;

  constructor(session = 'ses_1', tenant = 'acme') {
    this.session = session;
    this.tenant = tenant;
    this.snapshot = startSnapshot({ tenant, session, agent: 'agent', user: 'ada' });
  }

  /** Seals without asking whether the order is legal. */
  force(draft: EventDraft): Entry {
    const entry = seal({
      draft,
      tenant: this.tenant,
      user: 'ada',
      session: this.session,
      seq: this.snapshot.events,
      prevHash: this.entries.at(-1)?.hash,
      tsUnixMs: START_MS + this.snapshot.events,
      sha256,
      utf8,
      salt: () => new Uint8Array(32).fill(this.snapshot.events),
    });
    this.snapshot = fold(this.snapshot, entry.envelope);
    this.entries.push(entry);
    return entry;
  }

  record(...drafts: readonly EventDraft[]): this {
    for (const draft of drafts) {
      const broken = checkTransition(this.snapshot, draft);
      if (broken !== undefined) throw new Error(broken);
      this.force(draft);
    }
    return this;
  }

  /** The entries as a store would give them back, alone in a log. */
  rows(): LedgerRow[] {
    return rowsOf(this.entries);
  }
}

/** Entries as rows of one log, in the order given. */
export function rowsOf(entries: readonly Entry[]): LedgerRow[] {
  return entries.map(({ envelope, hash: entryHash, body }, i) => ({
    position: i + 1,
    tenant: envelope.tenant_id,
    session: envelope.session_id,
    seq: envelope.seq,
    hash: entryHash,
    body,
  }));
}
