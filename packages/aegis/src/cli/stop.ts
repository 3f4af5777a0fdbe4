/** Resolves with the first signal that asks the process to end. With `hangUp` SIGHUP calls that, and asks for no end. */
export function stopSignal(hangUp?: () => void): Promise<NodeJS.Signals> {
  if (hangUp !== undefined) process.on('SIGHUP', hangUp);
  return new Promise((done) => {
    const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', ...(hangUp ? [] : ['SIGHUP' as const])];
    const stop = (signal: NodeJS.Signals): void => {
      for (const other of signals) process.removeListener(other, stop);
      done(signal);
    };
    for (const signal of signals) process.on(signal, stop);
  });
}
