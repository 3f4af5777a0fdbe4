import { storeError } from './error.ts';

/** Every failure to read as `STORE_UNAVAILABLE`. */
export function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw storeError('the ledger cannot be read', error);
  }
}
