import { randomUUID } from 'node:crypto';
import type { Denial, Kernel } from '../../../packages/aegis/src/enforce/door.ts';

const LIMITS = { timeoutMs: 60_000, maxOutputBytes: 16 * 1024 * 1024 };

const REFUSED: Denial = {
  code: 'PROTOCOL_VIOLATION',
  message: 'the message cannot become a call',
  decision_id: 'none',
};

/** A kernel that lets everything pass and keeps nothing: what remains of the gateway is its relay. */
export const passThrough: Kernel = {
  openSession: () => Promise.resolve({ id: randomUUID() }),
  closeSession: () => Promise.resolve(),
  async mediate(_session, { args, execute, signal }) {
    const reply = await execute(signal === undefined ? LIMITS : { ...LIMITS, signal }, [], args);
    if (reply.kind === 'result') return { kind: 'result', result: reply.result };
    return { ...reply, kind: 'upstream_error' };
  },
  report: () => Promise.resolve(undefined),
  visible: () => true,
  isOpen: () => true,
  strayMasks: () => [],
  refuse: () => Promise.resolve(REFUSED),
};
