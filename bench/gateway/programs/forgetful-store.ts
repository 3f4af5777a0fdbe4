import type { AppendRequest, EventStore } from '../../../packages/aegis/src/ports.ts';

/**
 * A ledger that keeps what is recorded until `forget` is called, and from then on acknowledges every append
 * and keeps none: events are still made, chained and hashed by the kernel, and never written.
 */
export function createForgetfulStore<T extends Pick<EventStore, 'append'>>(
  ledger: T,
): T & { forget(): void } {
  let forgets = false;
  return {
    ...ledger,
    append: (request: AppendRequest) => (forgets ? Promise.resolve() : ledger.append(request)),
    forget: () => {
      forgets = true;
    },
  };
}
