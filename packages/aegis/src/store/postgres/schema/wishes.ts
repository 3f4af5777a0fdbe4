/**
 * The fourth step. `wish`: which process wants a session that belongs to another one, and when it said so last.
 * Whoever owns the session looks here, and gives it away when nothing is under way in it. No evidence.
 */
export const WISHES = `
  CREATE TABLE aegis.wish (
    tenant text COLLATE "C" NOT NULL,
    session text COLLATE "C" NOT NULL,
    writer text COLLATE "C" NOT NULL,
    at_ms bigint NOT NULL,
    PRIMARY KEY (tenant, session)
  );
`;
