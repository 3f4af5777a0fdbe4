import type { VerifiableStore } from '../../../packages/aegis/src/store/ledger-view.ts';

/**
 * A ledger that keeps what is recorded until `forget` is called, and from then on acknowledges every append
 * and keeps none: events are still made, chained and hashed by the kernel, and never written.
 */
export function createForgetfulStore(memory: VerifiableStore): VerifiableStore & { forget(): void } {
  let forgets = false;
  return {
    ...memory,
    append: (request) => (forgets ? Promise.resolve() : memory.append(request)),
    forget: () => {
      forgets = true;
    },
  };
}
