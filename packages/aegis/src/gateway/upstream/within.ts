import { UpstreamError, type UpstreamLimits } from '../../ports.ts';

/** Waits for a promise as long as a call may take; what it waits for goes on without it. */
export async function within<T>(server: string, promise: Promise<T>, limits: UpstreamLimits): Promise<T> {
  const { timeoutMs, signal } = limits;
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new UpstreamError('timeout', `server \`${server}\` was not ready within ${timeoutMs} ms`));
  }, timeoutMs);
  const cancelled = (): void => {
    reject(new UpstreamError('cancelled', `the call to server \`${server}\` was cancelled`));
  };
  signal?.addEventListener('abort', cancelled);
  if (signal?.aborted === true) cancelled();
  try {
    return await Promise.race([promise, givenUp]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancelled);
  }
}

/** Waits in the same way for what a call needs first, and gives what is then left of its limits. */
export async function withinLeft<T>(
  server: string,
  promise: Promise<T>,
  limits: UpstreamLimits,
): Promise<{ readonly value: T; readonly left: UpstreamLimits }> {
  const startedAt = performance.now();
  const value = await within(server, promise, limits);
  const timeoutMs = Math.max(1, limits.timeoutMs - (performance.now() - startedAt));
  return { value, left: { ...limits, timeoutMs } };
}
