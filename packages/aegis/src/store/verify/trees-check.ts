import { equalHashes, hexToBytes, type LedgerFinding, leafHash, parseNote } from '@aegis/core';
import { INSTALLATION_LOG, type RemovedRun, type TreeView } from '../../ledger-ports.ts';
import { digest, utf8 } from '../../platform.ts';
import type { StoredEntry } from '../../ports.ts';
import type { Found } from './found.ts';
import { LogCheck, type VerifiedLog } from './log-check.ts';
import { SealedPositions } from './seal-check.ts';

function misnumbered(leaf: number, index: number): LedgerFinding {
  const message = `leaf ${index} is kept as leaf ${leaf}`;
  return { kind: 'tree-mismatch', log: INSTALLATION_LOG, size: index, message };
}

/** Rebuilds all Merkle logs from the events. */
export class TreesCheck {
  readonly #trees: TreeView;
  readonly #logs: ReadonlyMap<string, LogCheck>;
  readonly #positions: SealedPositions;
  /** The position through which the logs are said to hold everything. */
  readonly #through: number;
  readonly #found: Found;
  #unsealed = 0;

  private constructor(
    trees: TreeView,
    logs: ReadonlyMap<string, LogCheck>,
    positions: SealedPositions,
    through: number,
    found: Found,
  ) {
    this.#trees = trees;
    this.#logs = logs;
    this.#positions = positions;
    this.#through = through;
    this.#found = found;
  }

  static async over(trees: TreeView, found: Found): Promise<TreesCheck> {
    const logs = new Map<string, LogCheck>();
    const shared = { positions: new SealedPositions(), installation: await trees.named() };
    const states = await trees.logs();
    for (const state of states) logs.set(state.log, await LogCheck.over(trees, state, shared, found));
    const through = states.reduce((most, state) => Math.max(most, state.through), 0);
    return new TreesCheck(trees, logs, shared.positions, through, found);
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

  /** Takes the leaves of entries that went into an archive; the newest must be the one in which its session ended. */
  async removed({ tenant, session, first, last, newest, hash }: RemovedRun): Promise<void> {
    const log = this.#logs.get(tenant);
    let leaf: Uint8Array | undefined;
    for (let position = first; position <= last && log?.holds(position) === true; position++) {
      leaf = await log.addKept(position, this.#found);
      if (log.due) await log.flush(this.#found);
    }
    const end = last === newest ? hexToBytes(hash) : undefined;
    if (leaf === undefined || end === undefined || equalHashes(leafHash(end, digest), leaf)) return;
    const message = 'the leaf of its newest entry is not that of the head that the store keeps';
    this.#found({ kind: 'head-mismatch', tenant, session, position: last, message });
  }

  /** After the last entry. */
  async end(): Promise<readonly VerifiedLog[]> {
    const installation = this.#logs.get(INSTALLATION_LOG);
    if (installation !== undefined) {
      let next = 0;
      for await (const { leaf, note } of this.#trees.installationLeaves()) {
        if (leaf !== next) this.#found(misnumbered(leaf, next));
        next += 1;
        const signed = parseNote(note);
        installation.add(digest(utf8(typeof signed === 'string' ? note : signed.text)));
        if (installation.due) await installation.flush(this.#found);
      }
    }
    const verified: VerifiedLog[] = [];
    for (const log of this.#logs.values()) verified.push(await log.end(this.#found));
    if (this.#positions.through > this.#through) {
      const message = `the store says that positions up to ${this.#positions.through} became leaves, and the trees end at ${this.#through}`;
      this.#found({ kind: 'seal-mismatch', position: this.#through, message });
    }
    return verified;
  }
}
