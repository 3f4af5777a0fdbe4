import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs';

/** Cedar itself, in WebAssembly. */
export type CedarEngine = typeof Cedar;

/** Loads Cedar where it is installed; undefined where it is not. */
export async function loadEngine(): Promise<CedarEngine | undefined> {
  try {
    return await import('@cedar-policy/cedar-wasm/nodejs');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** What to run where it is missing. */
export const INSTALL = 'npm install @cedar-policy/cedar-wasm@4.13.0';
