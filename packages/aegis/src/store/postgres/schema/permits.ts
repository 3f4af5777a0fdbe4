/**
 * The fifth step: permits of rates. No evidence: what was allowed stands in the entries.
 *
 * - `permit_block`: leased permits, until a process says how many of them it spent.
 * - `permit_part`: permits that were spent in one part of a window.
 */
export const PERMITS = `
  CREATE TABLE aegis.permit_block (
    id uuid PRIMARY KEY,
    permits integer NOT NULL,
    ends_ms bigint NOT NULL,
    place text COLLATE "C" NOT NULL
  );
  CREATE INDEX permit_block_by_place ON aegis.permit_block (place);
  CREATE INDEX permit_block_by_end ON aegis.permit_block (ends_ms);

  CREATE TABLE aegis.permit_part (
    part bigint NOT NULL,
    ends_ms bigint NOT NULL,
    permits integer NOT NULL,
    place text COLLATE "C" NOT NULL,
    PRIMARY KEY (place, part)
  );
  CREATE INDEX permit_part_by_end ON aegis.permit_part (ends_ms);
`;
