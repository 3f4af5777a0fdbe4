/** Work that is done again and again, one time after the other. */
export interface Repeated {
  /** Does it now, after what is under way. Rejects as the work does. */
  now(): Promise<void>;
  /** Does it no more, and waits for what is under way. Never rejects. */
  close(): Promise<void>;
}

/** Does the work `everyMs` milliseconds after it was done last, whether it failed or not. Keeps no process alive. */
export function repeat(work: () => Promise<void>, everyMs: number): Repeated {
  let turn: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const now = (): Promise<void> => {
    turn = turn.catch(() => {}).then(work);
    return turn;
  };
  const wait = (): void => {
    if (closed) return;
    timer = setTimeout(() => void now().then(wait, wait), everyMs);
    timer.unref();
  };
  wait();
  return {
    now,
    async close() {
      closed = true;
      clearTimeout(timer);
      await turn.catch(() => {});
    },
  };
}
