import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import { storeError } from './error.ts';

/** Every failure to read as `STORE_UNAVAILABLE`. */
export function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw storeError('the ledger cannot be read', error);
  }
}

/** Every row, read when it is asked for. Every failure is `STORE_UNAVAILABLE`. */
export function* readingEach(statement: StatementSync): Generator<Record<string, SQLOutputValue>> {
  try {
    yield* statement.iterate();
  } catch (error) {
    throw storeError('the ledger cannot be read', error);
  }
}
