import { AegisError, codeOf } from '@aegis/core';
import { DatabaseError } from 'pg';

/** SQLSTATE codes, or their classes (appendix A of the manual), in words. */
const REASONS: Readonly<Record<string, string>> = {
  '08': 'the connection was lost',
  '23': 'an entry contradicts what is stored',
  '25006': 'the server only reads, as a standby does',
  '28': 'the server does not let this role in',
  '3D000': 'there is no such database',
  '3F000': 'there is no ledger in this database',
  '40': 'another process was in the way',
  '42501': 'the role may not do this',
  '42P01': 'there is no ledger in this database',
  '53': 'the server has no resources left',
  '53100': 'the disk of the server is full',
  '53300': 'the server has too many connections',
  '55P03': 'another process holds it',
  '57014': 'it took too long',
  '57P': 'the server is stopping or starting',
  '58': 'the system of the server failed',
  XX: 'the data is damaged or the server failed',
};

/** What to do about some of them. */
const HELP: Readonly<Record<string, string>> = {
  '28': 'check the user and the password of the connection string',
  '42501': 'give the connection string of the role that owns the ledger as well',
  '53100': 'make room on the disk of the server',
};

/** After these the connection is of no more use, or not the one that is wanted. */
const LOST = /^(08|25006|25P03|57P|53300)/;

/** Raised by the ledger's own functions: a request that is refused, in words of ours. */
const REFUSED = 'AE002';

/** The SQLSTATE of what the server reported; undefined when nothing was heard from it. */
function stateOf(error: unknown): string | undefined {
  // A failure of the network has a code as well: `EPIPE` is no SQLSTATE.
  if (!(error instanceof DatabaseError)) return undefined;
  return error.code;
}

/** Whether it is unknown what became of a statement, because nothing more is heard on its connection. */
export function isLost(error: unknown): boolean {
  const state = stateOf(error);
  return state === undefined ? codeOf(error) === undefined : LOST.test(state);
}

/** Whether a lock was held by another for too long. */
export function isBusy(error: unknown): boolean {
  return stateOf(error) === '55P03';
}

/** Whether the server is there and not ready yet. */
export function isStarting(error: unknown): boolean {
  return stateOf(error) === '57P03';
}

/** Any failure of the server as `STORE_UNAVAILABLE`; errors that are ours pass through. */
export function storeError(what: string, error: unknown): AegisError {
  if (codeOf(error) !== undefined) return error as AegisError;
  const internal = error instanceof Error ? error.message : String(error);
  if (stateOf(error) === REFUSED) return new AegisError('STORE_UNAVAILABLE', internal);
  const help = inWords(HELP, stateOf(error) ?? '');
  return new AegisError('STORE_UNAVAILABLE', `${what}: ${reasonOf(error)}`, {
    internal,
    ...(help === undefined ? {} : { help }),
  });
}

/** Why something failed, in words that hold nothing of what the server said. */
export function reasonOf(error: unknown): string {
  const state = stateOf(error);
  if (state === undefined) return networkReason(error);
  return inWords(REASONS, state) ?? 'it failed';
}

/** By the code, by its first three places, or by its class. */
function inWords(words: Readonly<Record<string, string>>, state: string): string | undefined {
  return words[state] ?? words[state.slice(0, 3)] ?? words[state.slice(0, 2)];
}

/** A failure of the network by its name: `ECONNREFUSED`. The driver has names for few of its own. */
function networkReason(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
  if (message === 'The server does not support SSL connections') return 'the server does not speak TLS';
  if (message === 'timeout expired' || message === 'Query read timeout') return 'the server does not answer';
  return 'the connection was lost';
}
