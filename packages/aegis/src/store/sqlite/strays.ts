import type { DatabaseSync } from 'node:sqlite';
import { TILE_HASHES } from '@aegis/core';

/** Bits by which the number of a hash is shifted to that of its tile. */
const TILE_BITS = Math.log2(TILE_HASHES);

/** The highest level of which a log can have tiles: it has fewer than 2^53 leaves. */
const HIGHEST_LEVEL = 6;

/** Each gives, in words, rows that no row written by this program would be. */
const STRAYS: readonly string[] = [
  `SELECT 'row ' || id || ' of \`log\`: it has one row' FROM log WHERE id <> 1`,
  `SELECT 'row ' || id || ' of \`installation\`: it has one row' FROM installation WHERE id <> 1`,
  `SELECT '\`tree\` of \`' || log || '\`: it has no leaf' FROM tree WHERE size < 1 OR size IS NULL`,
  `SELECT 'tile ' || level || '/' || n || ' of tree ' || ifnull(tile.tree, '') || ': there is no such tile in a tree of '
     || ifnull(size, 0) || ' leaves'
   FROM tile LEFT JOIN tree ON tree.id = tile.tree
   WHERE tree.id IS NULL OR level NOT BETWEEN 0 AND ${HIGHEST_LEVEL} OR n < 0
     OR n > ((size >> (${TILE_BITS} * level)) - 1) >> ${TILE_BITS}`,
  `SELECT '\`seal\` through position ' || seal.through || ': there is no tree ' || ifnull(tree, '')
   FROM seal LEFT JOIN tree ON tree.id = tree WHERE tree.id IS NULL`,
  `SELECT 'checkpoint ' || checkpoint.id || ': there is no tree ' || ifnull(tree, '')
   FROM checkpoint LEFT JOIN tree ON tree.id = tree WHERE tree.id IS NULL`,
  `SELECT 'checkpoint ' || id || ': it is kept under the origin \`' || ifnull(origin, '') || '\`, and its note has another one'
   FROM checkpoint WHERE origin IS NOT substr(note, 1, instr(note, char(10)) - 1)`,
  `SELECT 'checkpoint ' || checkpoint.id || ' of \`' || log || '\`: it is no leaf of the log of the installation'
   FROM checkpoint JOIN tree ON tree.id = tree
   WHERE log <> '' AND NOT EXISTS (SELECT 1 FROM installation_leaf WHERE checkpoint = checkpoint.id)`,
  `SELECT 'segment \`' || name || '\`: whether its entries are gone is said as ' || ifnull(removed, '')
   FROM segment WHERE removed IS NULL OR removed NOT IN (0, 1)`,
  `SELECT 'segment \`' || name || '\`: its entries are said to be gone, and those of \`' || session || '\` are there'
   FROM segment JOIN archived ON segment = segment.id JOIN session USING (sid)
     JOIN event ON position = newest AND event.sid = session.sid
   WHERE removed = 1`,
];

/** Rows that belong to nothing, or say another thing than the one that they are of: in words, at most so many. */
export function straysIn(db: DatabaseSync, limit: number): readonly string[] {
  const found: string[] = [];
  for (const sql of STRAYS) {
    const rows = db.prepare(`${sql} LIMIT ?`).all(limit - found.length);
    found.push(...rows.map((row) => String(Object.values(row)[0])));
  }
  return found;
}

/** All but those of entries and of sealed values, whose every row is looked at and which are large. */
const TABLES = [
  'log',
  'session',
  'pin',
  'installation',
  'tree',
  'tile',
  'seal',
  'checkpoint',
  'installation_leaf',
  'erasure',
  'segment',
  'archived',
  'vacancy',
];

/** Tables whose indexes do not have their rows, or with values that they cannot have: in words, at most so many. */
export function damagedTablesIn(db: DatabaseSync, limit: number): readonly string[] {
  const found = TABLES.flatMap((table) => {
    const problems = db.prepare(`PRAGMA integrity_check(${table})`).all();
    return problems.map((row) => String(row['integrity_check'])).filter((problem) => problem !== 'ok');
  });
  return found.slice(0, limit).map((problem) => `\`${problem}\``);
}
