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
