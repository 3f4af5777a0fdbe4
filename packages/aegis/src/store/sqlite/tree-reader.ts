import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type {
  InstallationLeaf,
  LogState,
  SealedPart,
  StoredCheckpoint,
  TreeView,
} from '../../ledger-ports.ts';
import { reading } from './reading.ts';
import { exact } from './rows.ts';
import { TreeRows } from './tree-rows.ts';

const PAGE_ROWS = 256;

/** The lowest number that a column can hold. */
const LOWEST = -(2n ** 63n);

/** Reads the Merkle logs over a connection of its own. Every failure is `STORE_UNAVAILABLE`. */
export class TreeReader implements TreeView {
  readonly #rows: TreeRows;
  readonly #tenant: StatementSync;
  readonly #batch: StatementSync;
  readonly #count: StatementSync;
  readonly #newest: StatementSync;
  readonly #newestAt: StatementSync;
  readonly #checkpoints: StatementSync;
  readonly #leaves: StatementSync;
  readonly #named: StatementSync;
  readonly #parts: StatementSync;

  constructor(db: DatabaseSync) {
    this.#rows = new TreeRows(db);
    // An archived entry is gone, and its position is still known.
    this.#tenant = db.prepare(
      `SELECT tenant FROM session WHERE sid = ifnull(
         (SELECT sid FROM event WHERE position = :position),
         (SELECT iif(last >= :position, sid, NULL) FROM vacancy WHERE first <= :position
          ORDER BY first DESC LIMIT 1))`,
    );
    this.#batch = db.prepare(
      `SELECT after, ifnull((SELECT size FROM seal AS earlier
         WHERE earlier.tree = seal.tree AND earlier.through < seal.through
         ORDER BY through DESC LIMIT 1), 0) AS size
       FROM seal WHERE tree = ? AND through >= ? ORDER BY through LIMIT 1`,
    );
    // Entries that are archived and not yet removed are counted as the positions that they leave.
    this.#count = db.prepare(
      `SELECT
         (SELECT count(*) FROM event JOIN session USING (sid) LEFT JOIN archived USING (sid)
          WHERE position > :after AND position <= :position AND tenant = :tenant AND segment IS NULL)
         + (SELECT ifnull(sum(min(last, :position) - max(first, :after + 1) + 1), 0)
            FROM vacancy JOIN session USING (sid)
            WHERE first >= ifnull((SELECT max(first) FROM vacancy WHERE first <= :after), 0)
              AND first <= :position AND last > :after AND tenant = :tenant) AS n`,
    );
    const checkpoint = `SELECT log, checkpoint.id, ${exact('checkpoint.size')} AS size, note,
      ${exact('at_ms')} AS at_ms FROM checkpoint`;
    const ofLog = `${checkpoint} JOIN tree ON tree.id = tree WHERE log = ?`;
    this.#newest = db.prepare(`${ofLog} ORDER BY checkpoint.size DESC, checkpoint.id DESC LIMIT 1`);
    this.#newestAt = db.prepare(`${ofLog} AND checkpoint.size = ? ORDER BY checkpoint.id DESC LIMIT 1`);
    this.#checkpoints = db.prepare(
      `${ofLog} AND (checkpoint.size, checkpoint.id) > (?, ?)
       ORDER BY checkpoint.size, checkpoint.id LIMIT ${PAGE_ROWS}`,
    );
    this.#leaves = db.prepare(
      `SELECT ${exact('leaf')} AS leaf, log, ${exact('checkpoint.size')} AS size, note FROM installation_leaf
         LEFT JOIN checkpoint ON checkpoint.id = checkpoint LEFT JOIN tree ON tree.id = tree
       WHERE leaf >= ? ORDER BY leaf LIMIT ${PAGE_ROWS}`,
    );
    this.#named = db.prepare('SELECT name FROM installation WHERE id = 1');
    this.#parts = db.prepare(
      `SELECT ${exact('after')} AS after, ${exact('seal.through')} AS through, ${exact('seal.size')} AS size,
         seal.through AS place
       FROM seal JOIN tree ON tree.id = tree WHERE log = ? AND seal.through >= ?
       ORDER BY seal.through LIMIT ${PAGE_ROWS}`,
    );
    this.#parts.setReadBigInts(true);
  }

  async named(): Promise<string | undefined> {
    const row = reading(() => this.#named.get());
    return row && String(row['name']);
  }

  async *sealed(log: string): AsyncGenerator<SealedPart> {
    for (let last = LOWEST; ; ) {
      const rows = reading(() => this.#parts.all(log, last));
      for (const { after, through, size } of rows) {
        yield { after: Number(after), through: Number(through), size: Number(size) };
      }
      if (rows.length < PAGE_ROWS) return;
      last = (rows.at(-1)?.['place'] as bigint) + 1n;
    }
  }

  async logs(): Promise<readonly LogState[]> {
    return reading(() =>
      this.#rows.all().map((row) => {
        const { log, size, through } = row;
        return { log, size, through, edge: this.#rows.edge(row) };
      }),
    );
  }

  async tile(log: string, level: number, n: number): Promise<Uint8Array | undefined> {
    return reading(() => {
      const tree = this.#rows.of(log);
      return tree && this.#rows.tile(tree.id, level, n);
    });
  }

  async leafOf(position: number): Promise<{ readonly log: string; readonly leaf: number } | undefined> {
    return reading(() => {
      const tenant = this.#tenant.get({ position })?.['tenant'];
      const tree = typeof tenant === 'string' ? this.#rows.of(tenant) : undefined;
      const batch = tree && this.#batch.get(tree.id, position);
      if (tree === undefined || batch === undefined) return undefined;
      const { n } = this.#count.get({ position, tenant: tree.log, after: Number(batch['after']) }) ?? {};
      return { log: tree.log, leaf: Number(batch['size']) + Number(n) - 1 };
    });
  }

  async checkpoint(log: string, size?: number): Promise<StoredCheckpoint | undefined> {
    const row = reading(() => (size === undefined ? this.#newest.get(log) : this.#newestAt.get(log, size)));
    return row && checkpointOf(row);
  }

  async *checkpoints(log: string): AsyncGenerator<StoredCheckpoint> {
    let [size, id]: [number | bigint, number | bigint] = [LOWEST, LOWEST];
    for (;;) {
      const rows = reading(() => this.#checkpoints.all(log, size, id));
      yield* rows.map(checkpointOf);
      if (rows.length < PAGE_ROWS) return;
      [size, id] = [Number(rows.at(-1)?.['size']), Number(rows.at(-1)?.['id'])];
    }
  }

  async *installationLeaves(first?: number): AsyncGenerator<InstallationLeaf> {
    for (let next: number | bigint = first ?? LOWEST; ; ) {
      const rows = reading(() => this.#leaves.all(next));
      yield* rows.map(({ leaf, log, size, note }) => ({
        leaf: Number(leaf),
        log: String(log ?? ''),
        size: Number(size ?? 0),
        note: String(note ?? ''),
      }));
      if (rows.length < PAGE_ROWS) return;
      next = Number(rows.at(-1)?.['leaf']) + 1;
    }
  }
}

function checkpointOf(row: Record<string, unknown>): StoredCheckpoint {
  return {
    log: String(row['log']),
    size: Number(row['size']),
    note: String(row['note']),
    atMs: Number(row['at_ms']),
  };
}
