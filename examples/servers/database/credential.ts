import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** Lets the holder of `token` into the database: only the token's digest is kept beside it. */
export function grantAccess(databaseFile: string, token: string): void {
  writeFileSync(digestFile(databaseFile), `${digest(token).toString('hex')}\n`, { mode: 0o600 });
}

/** Whether `token` is the one that access was granted to; false when access was never granted. */
export function isAdmitted(databaseFile: string, token: string | undefined): boolean {
  if (token === undefined) return false;
  let stored: string;
  try {
    stored = readFileSync(digestFile(databaseFile), 'utf8').trim();
  } catch {
    return false;
  }
  const expected = Buffer.from(stored, 'hex');
  const given = digest(token);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function digestFile(databaseFile: string): string {
  return `${databaseFile}.token-sha256`;
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
