import { parseNote } from '@aegis/core';
import { INSTALLATION_LOG, type RemovedRun, type TreeView } from '../../ledger-ports.ts';
import { digest, utf8 } from '../../platform.ts';
import type { StoredEntry } from '../../ports.ts';
import { type Found, LogCheck, type VerifiedLog } from './log-check.ts';

/** Rebuilds all Merkle logs from the events. */
export class TreesCheck {
  readonly #trees: TreeView;
  readonly #logs: ReadonlyMap<string, LogCheck>;
  readonly #found: Found;
  #unsealed = 0;

  private constructor(trees: TreeView, logs: ReadonlyMap<string, LogCheck>, found: Found) {
    this.#trees = trees;
    this.#logs = logs;
    this.#found = found;
  }

  static async over(trees: TreeView, found: Found): Promise<TreesCheck> {
    const logs = new Map<string, LogCheck>();
    for (const state of await trees.logs()) logs.set(state.log, await LogCheck.over(trees, state, found));
    return new TreesCheck(trees, logs, found);
  }

  /** Events that are in no tree yet. */
  get unsealed(): number {
    return this.#unsealed;
  }

  /** Takes the next entry. A promise has to be waited for. */
  next({ tenant, position, hash }: StoredEntry): Promise<void> | undefined {
    const log = this.#logs.get(tenant);
    if (log?.holds(position) !== true) {
      this.#unsealed += 1;
      return undefined;
    }
    log.addEvent(hash, position);
    return log.due ? log.flush(this.#found) : undefined;
  }

  /** Takes the leaves of entries that went into an archive. */
  async removed({ tenant, first, last }: RemovedRun): Promise<void> {
    const log = this.#logs.get(tenant);
    for (let position = first; position <= last && log?.holds(position) === true; position++) {
      await log.addKept(position, this.#found);
      if (log.due) await log.flush(this.#found);
    }
  }

  /** After the last entry. */
  async end(): Promise<readonly VerifiedLog[]> {
    const installation = this.#logs.get(INSTALLATION_LOG);
    if (installation !== undefined) {
      for await (const { note } of this.#trees.installationLeaves(0)) {
        const signed = parseNote(note);
        installation.add(digest(utf8(typeof signed === 'string' ? note : signed.text)));
        if (installation.due) await installation.flush(this.#found);
      }
    }
    const verified: VerifiedLog[] = [];
    for (const log of this.#logs.values()) verified.push(await log.end(this.#found));
    return verified;
  }
}
