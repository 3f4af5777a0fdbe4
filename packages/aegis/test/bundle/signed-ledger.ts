import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventDraft, formatVerifierKey } from '@aegis/core';
import type { BundleRequest, BundleSource, WantedScope } from '../../src/bundle/source.ts';
import { type WrittenBundle, writeBundle } from '../../src/bundle/write.ts';
import { openSealedLedger, type SealedLedger } from '../../src/evidence/sealed-ledger.ts';
import { systemClock } from '../../src/platform.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { note, SessionWriter, started, toolCall } from '../store/session-writer.ts';

export const ended: EventDraft = { type: 'TERMINATION', payload: { cause: 'closed' } };

/** A real ledger with its keys in a folder of its own. */
export class SignedLedger {
  readonly folder: string;
  readonly store: SealedLedger;
  #exports = 0;

  static async open(): Promise<SignedLedger> {
    const folder = mkdtempSync(join(tmpdir(), 'aegis-bundle-'));
    const store = await openSealedLedger({
      store: openSqliteStore(join(folder, 'aegis.db')),
      folder: join(folder, 'keys'),
      clock: systemClock,
      sealIntervalMs: 60_000,
      witnesses: [],
      anchor: undefined,
      warn: () => {},
    });
    return new SignedLedger(folder, store);
  }

  private constructor(folder: string, store: SealedLedger) {
    this.folder = folder;
    this.store = store;
  }

  /** A session with one tool call, its arguments and result sealed, ended or left open. */
  async session(id: string, { tenant = 'acme', notes = 0, end = true } = {}): Promise<SessionWriter> {
    const writer = new SessionWriter(id, tenant);
    await this.store.append(writer.seal(started, ...toolCall('call_1', `/notes/${id}`)));
    for (let n = 0; n < notes; n++) await this.store.append(writer.seal(note(`note ${n}`)));
    if (end) await this.store.append(writer.seal(ended));
    return writer;
  }

  /** The note of the newest checkpoint, over everything that is there. */
  async checkpoint(tenant = 'acme'): Promise<string> {
    await this.store.sealNow();
    return (await this.store.trees.checkpoint(tenant))?.note ?? '';
  }

  async source(tenant = 'acme'): Promise<BundleSource> {
    const view = await this.store.view();
    if (view.trees === undefined) throw new Error('no trees');
    return { view, trees: view.trees, tenant, ...(await this.store.identity(tenant)) };
  }

  async key(tenant = 'acme'): Promise<string> {
    return (await this.store.identity(tenant)).keys.map(formatVerifierKey).at(-1) ?? '';
  }

  /** Signs, and writes a bundle into a new folder. */
  async export(
    scope: WantedScope = { kind: 'all' },
    options: Partial<BundleRequest> & { readonly tenant?: string } = {},
  ): Promise<WrittenBundle & { readonly folder: string }> {
    await this.store.sealNow();
    const source = await this.source(options.tenant);
    const folder = join(this.folder, `bundle-${++this.#exports}`);
    try {
      const request = { scope, values: true, nowMs: 1_763_683_200_000, ...options };
      return { folder, ...(await writeBundle(folder, source, request, false)) };
    } finally {
      await source.view.close();
    }
  }

  async remove(): Promise<void> {
    await this.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
