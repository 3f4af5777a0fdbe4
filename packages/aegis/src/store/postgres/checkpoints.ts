import { AegisError, leafHash, parseCheckpoint, parseNote, signatureLine } from '@aegis/core';
import { INSTALLATION_LOG, type StoredCheckpoint } from '../../ledger-ports.ts';
import { digest } from '../../platform.ts';
import type { Query, Statement } from './statement.ts';
import { growLog, lockTrees } from './tree-growth.ts';
import { treeNamed } from './tree-rows.ts';

const FIND: Statement = {
  name: 'find_checkpoint',
  text: 'SELECT id, text FROM aegis.checkpoint WHERE tree = $1 AND size = $2 AND origin = $3',
};

const ADD: Statement = {
  name: 'add_checkpoint',
  text: `INSERT INTO aegis.checkpoint (tree, size, origin, text, at_ms) VALUES ($1, $2, $3, $4, $5)
    RETURNING id`,
};

const SIGN: Statement = {
  name: 'sign_checkpoint',
  text: `INSERT INTO aegis.signature (checkpoint, line)
    SELECT $1, line FROM unnest($2::text[]) WITH ORDINALITY AS more (line, n)
    WHERE NOT EXISTS (SELECT FROM aegis.signature AS known WHERE known.checkpoint = $1 AND known.line = more.line)
    ORDER BY n`,
};

const IS_LEAF: Statement = {
  name: 'is_installation_leaf',
  text: 'SELECT leaf FROM aegis.installation_leaf WHERE checkpoint = $1',
};

const ADD_LEAF: Statement = {
  name: 'add_installation_leaf',
  text: 'INSERT INTO aegis.installation_leaf (leaf, checkpoint) VALUES ($1, $2)',
};

/** Keeps a signed note, and with `leafData` the leaf of the installation's log that stands for it. */
export async function keepCheckpoint(
  query: Query,
  checkpoint: StoredCheckpoint,
  leafData: Uint8Array | undefined,
): Promise<void> {
  await lockTrees(query);
  const id = await kept(query, checkpoint);
  if (leafData === undefined || (await query(IS_LEAF, id)).length > 0) return;
  const { size } = await growLog(query, INSTALLATION_LOG, [leafHash(leafData, digest)], 0);
  await query(ADD_LEAF, size - 1, id);
}

async function kept(query: Query, { log, size, note, atMs }: StoredCheckpoint): Promise<unknown> {
  const tree = await treeNamed(query, log);
  if (tree === undefined || tree.size < size) {
    throw new AegisError('STORE_UNAVAILABLE', `the log has ${tree?.size ?? 0} leaves, not ${size}`);
  }
  const { origin, text, lines } = readNote(note, size);
  const [known] = await query(FIND, tree.id, size, origin);
  // SECURITY: a log that was signed twice, in two ways, at one size has been forked.
  if (known !== undefined && known['text'] !== text) {
    throw new AegisError('STORE_UNAVAILABLE', 'another root was signed at this size', {
      help: 'verify the ledger',
    });
  }
  const [made] = known === undefined ? await query(ADD, tree.id, size, origin, text, atMs) : [known];
  await query(SIGN, made?.['id'], lines);
  return made?.['id'];
}

/** A note of a checkpoint, taken apart. Throws `INPUT_INVALID` when it is none, or of another size. */
function readNote(note: string, size: number) {
  const signed = parseNote(note);
  const checkpoint = typeof signed === 'string' ? signed : parseCheckpoint(signed.text);
  if (typeof signed === 'string' || typeof checkpoint === 'string') {
    throw new AegisError('INPUT_INVALID', String(checkpoint));
  }
  if (checkpoint.size !== size) {
    throw new AegisError('INPUT_INVALID', `the checkpoint is of ${checkpoint.size} leaves, not ${size}`);
  }
  return { origin: checkpoint.origin, text: signed.text, lines: signed.signatures.map(signatureLine) };
}
