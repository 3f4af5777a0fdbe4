/** Resolves with the first signal that asks the process to end. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((done) => {
    const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const stop = (signal: NodeJS.Signals): void => {
      for (const other of signals) process.removeListener(other, stop);
      done(signal);
    };
    for (const signal of signals) process.on(signal, stop);
  });
}
