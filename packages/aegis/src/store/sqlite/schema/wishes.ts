/**
 * The fifth step. `wish`: which process wants a session that belongs to another one, and when it said so last.
 * Whoever owns the session looks here, and gives it away when nothing is under way in it. No evidence.
 */
export const WISHES = `
  CREATE TABLE wish (
    tenant TEXT NOT NULL,
    session TEXT NOT NULL,
    writer TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (tenant, session)
  ) STRICT, WITHOUT ROWID;
`;
