/**
 * The sixth step: permits of rates. No evidence: what was allowed stands in the entries.
 *
 * - `permit_block`: leased permits, until a process says how many of them it spent.
 * - `permit_part`: permits that were spent in one part of a window.
 */
export const PERMITS = `
  CREATE TABLE permit_block (
    id TEXT PRIMARY KEY,
    place TEXT NOT NULL,
    permits INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX permit_block_by_place ON permit_block (place);
  CREATE INDEX permit_block_by_end ON permit_block (ends_ms);

  CREATE TABLE permit_part (
    place TEXT NOT NULL,
    part INTEGER NOT NULL,
    permits INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL,
    PRIMARY KEY (place, part)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX permit_part_by_end ON permit_part (ends_ms);
`;
