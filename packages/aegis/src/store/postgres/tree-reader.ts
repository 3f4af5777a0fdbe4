import type {
  InstallationLeaf,
  LogState,
  SealedPart,
  StoredCheckpoint,
  TreeView,
} from '../../ledger-ports.ts';
import { exact, LOWEST } from './rows.ts';
import type { Query, Row, Statement } from './statement.ts';
import { allTrees, edgeOf, tileOf, treeNamed } from './tree-rows.ts';

const PAGE_ROWS = 256;

// Runs of positions lie side by side: only the last one that begins at or before a position can hold it.
const LEAF: Statement = {
  name: 'leaf',
  text: `SELECT log, leaf, position, count FROM aegis.leaf JOIN aegis.tree ON tree.id = tree
    WHERE position <= $1 ORDER BY position DESC LIMIT 1`,
};

const CHECKPOINT = `SELECT tree.log, checkpoint.id, checkpoint.size, checkpoint.at_ms,
    checkpoint.text || E'\\n' || coalesce(
      (SELECT string_agg(line, '' ORDER BY signature.id) FROM aegis.signature
       WHERE signature.checkpoint = checkpoint.id), '') AS note
  FROM aegis.checkpoint JOIN aegis.tree ON tree.id = checkpoint.tree`;

const NEWEST: Statement = {
  name: 'newest_checkpoint',
  text: `${CHECKPOINT} WHERE tree.log = $1 ORDER BY checkpoint.size DESC, checkpoint.id DESC LIMIT 1`,
};

const NEWEST_AT: Statement = {
  name: 'newest_checkpoint_at',
  text: `${CHECKPOINT} WHERE tree.log = $1 AND checkpoint.size = $2 ORDER BY checkpoint.id DESC LIMIT 1`,
};

const CHECKPOINTS: Statement = {
  name: 'checkpoints',
  text: `${CHECKPOINT} WHERE tree.log = $1 AND (checkpoint.size, checkpoint.id) > ($2, $3)
    ORDER BY checkpoint.size, checkpoint.id LIMIT ${PAGE_ROWS}`,
};

const INSTALLATION_LEAVES: Statement = {
  name: 'installation_leaves',
  text: `SELECT leaf, signed.* FROM aegis.installation_leaf
      LEFT JOIN LATERAL (${CHECKPOINT} WHERE checkpoint.id = installation_leaf.checkpoint) AS signed ON true
    WHERE leaf >= $1 ORDER BY leaf LIMIT ${PAGE_ROWS}`,
};

/** Positions that became leaves of a log, by runs of them. */
const PARTS: Statement = {
  name: 'sealed_parts',
  text: `SELECT position, leaf, count FROM aegis.leaf JOIN aegis.tree ON tree.id = tree
    WHERE log = $1 AND position > $2 ORDER BY position LIMIT ${PAGE_ROWS}`,
};

const INSTALLATION: Statement = {
  name: 'installation',
  text: 'SELECT name FROM aegis.installation WHERE id = 1',
};

/** Reads the Merkle logs. Every failure is `STORE_UNAVAILABLE`. */
export function readTrees(query: Query): TreeView {
  return {
    async named() {
      const [row] = await query(INSTALLATION);
      return row && String(row['name']);
    },
    async *sealed(log): AsyncGenerator<SealedPart> {
      for (let last: unknown = LOWEST; ; ) {
        const rows = await query(PARTS, log, last);
        for (const row of rows) {
          const [position, leaf, count] = [exact(row['position']), exact(row['leaf']), exact(row['count'])];
          yield { after: position - 1, through: position + count - 1, size: leaf + count };
        }
        if (rows.length < PAGE_ROWS) return;
        last = rows.at(-1)?.['position'];
      }
    },
    async logs(): Promise<readonly LogState[]> {
      const logs: LogState[] = [];
      for (const tree of await allTrees(query)) {
        const { log, size, through } = tree;
        logs.push({ log, size, through, edge: await edgeOf(query, tree) });
      }
      return logs;
    },
    async tile(log, level, n) {
      const tree = await treeNamed(query, log);
      return tree && tileOf(query, tree.id, level, n);
    },
    async leafOf(position) {
      const [row] = await query(LEAF, position);
      const offset = position - exact(row?.['position']);
      if (row === undefined || offset >= exact(row['count'])) return undefined;
      return { log: String(row['log']), leaf: exact(row['leaf']) + offset };
    },
    async checkpoint(log, size) {
      const [row] = size === undefined ? await query(NEWEST, log) : await query(NEWEST_AT, log, size);
      return row && checkpointOf(row);
    },
    async *checkpoints(log): AsyncGenerator<StoredCheckpoint> {
      for (let place: readonly unknown[] = [LOWEST, LOWEST]; ; ) {
        const rows = await query(CHECKPOINTS, log, ...place);
        yield* rows.map(checkpointOf);
        if (rows.length < PAGE_ROWS) return;
        place = [rows.at(-1)?.['size'], rows.at(-1)?.['id']];
      }
    },
    async *installationLeaves(first): AsyncGenerator<InstallationLeaf> {
      for (let next: unknown = first ?? LOWEST; ; ) {
        const rows = await query(INSTALLATION_LEAVES, next);
        for (const { leaf, log, size, note } of rows) {
          yield {
            leaf: exact(leaf),
            log: String(log ?? ''),
            size: exact(size ?? 0),
            note: String(note ?? ''),
          };
        }
        if (rows.length < PAGE_ROWS) return;
        next = exact(rows.at(-1)?.['leaf']) + 1;
      }
    },
  };
}

function checkpointOf(row: Row): StoredCheckpoint {
  return {
    log: String(row['log']),
    size: exact(row['size']),
    note: String(row['note']),
    atMs: exact(row['at_ms']),
  };
}
