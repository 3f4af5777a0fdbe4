import { describe, expect, it } from 'vitest';
import type { SessionHandle } from '../../src/enforce/door.ts';
import { MODERN_LIMITS } from '../../src/gateway/front/modern/limits.ts';
import { Runs } from '../../src/gateway/front/modern/runs.ts';
import { NamedKernel } from './named-kernel.ts';

const CALLER = { tenant: 'acme', agent: 'bot', user: 'bot', door: 'mcp-http' } as const;

/** A kernel that can end sessions on its own word, as a kill switch does. */
class EndingKernel extends NamedKernel {
  readonly ended = new Set<string>();

  override isOpen({ id }: SessionHandle): boolean {
    return !this.ended.has(id);
  }
}

describe('a run whose session the kernel has ended', () => {
  it('is followed by a new one with the next request, and requests that come together share it', async () => {
    const kernel = new EndingKernel();
    const runs = new Runs(kernel, MODERN_LIMITS);
    const first = await runs.enter(CALLER, 'work', undefined);
    const again = await runs.enter(CALLER, 'work', undefined);
    expect(again?.run).toBe(first?.run);
    kernel.ended.add(first?.run.handle.id ?? '');
    const next = await Promise.all([1, 2].map(() => runs.enter(CALLER, 'work', undefined)));
    expect(next[0]?.run).not.toBe(first?.run);
    expect(next[1]?.run).toBe(next[0]?.run);
    expect(kernel.opened).toHaveLength(2);
    first?.leave();
    again?.leave();
    await runs.closeAll('done');
  });
});
