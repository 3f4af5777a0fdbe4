import { afterEach, describe, expect, it } from 'vitest';
import { RenewableUpstream } from '../../src/gateway/upstream/renewable.ts';
import type { UpstreamServer } from '../../src/gateway/upstream/server.ts';
import type { UpstreamReply } from '../../src/ports.ts';
import { LIMITS, scripted } from './upstreams.ts';

const open: RenewableUpstream[] = [];

afterEach(async () => {
  for (const upstream of open.splice(0)) await upstream.close();
});

/** A server that is given another value each time that it is begun. */
function renewable(): { readonly upstream: RenewableUpstream; readonly begun: UpstreamServer[] } {
  const begun: UpstreamServer[] = [];
  const upstream = new RenewableUpstream(() => {
    const server = scripted('s', ['--tools=late,environment,pid'], {
      env: { VALUE: String(begun.length + 1) },
    });
    begun.push(server);
    return server;
  });
  open.push(upstream);
  return { upstream, begun };
}

async function call(upstream: Pick<UpstreamServer, 'request'>, name: string): Promise<string> {
  const reply: UpstreamReply = await upstream.request('tools/call', { name, arguments: {} }, LIMITS);
  if (reply.kind !== 'result') throw new Error(reply.message);
  const [content] = reply.result['content'] as { text: string }[];
  return content?.text ?? '';
}

const valueOf = async (upstream: Pick<UpstreamServer, 'request'>): Promise<string> =>
  JSON.parse(await call(upstream, 'environment')).VALUE;

describe('a server that is begun anew', () => {
  it('gives what is under way to its end, and everything new to the new one', async () => {
    const { upstream } = renewable();
    expect(await valueOf(upstream)).toBe('1');
    const under = call(upstream, 'late');
    const before = await call(upstream, 'pid');
    upstream.renew();
    expect(await valueOf(upstream)).toBe('2');
    expect(await under).toBe('late');
    expect(await call(upstream, 'pid')).not.toBe(before);
    // Nothing is left of the first life.
    await expect.poll(() => isRunning(Number(before)), { timeout: 10_000 }).toBe(false);
  });

  it('keeps what it said of itself, tells that its lists may differ, and can be begun again at once', async () => {
    const { upstream, begun } = renewable();
    const { name } = await upstream.start();
    const told: string[] = [];
    upstream.onListChanged((kind) => void told.push(kind));
    upstream.renew();
    upstream.renew();
    expect(upstream.description?.name).toBe(name);
    expect(await valueOf(upstream)).toBe('3');
    expect(begun).toHaveLength(3);
    await expect.poll(() => told, { timeout: 10_000 }).toContain('tools');
  });

  it('leaves a client session its own until it ends', async () => {
    const { upstream } = renewable();
    const link = upstream.open({});
    expect(await valueOf(link)).toBe('1');
    const own = Number(await call(link, 'pid'));
    upstream.renew();
    expect(await valueOf(link)).toBe('1');
    expect(await valueOf(upstream)).toBe('2');
    await link.close();
    await expect.poll(() => isRunning(own), { timeout: 10_000 }).toBe(false);
    await link.close();
    expect(await valueOf(upstream)).toBe('2');
  });
});

describe('a server that was closed', () => {
  it('is not begun anew by a look at the vault that ends later', async () => {
    const { upstream, begun } = renewable();
    await upstream.start();
    await upstream.close();
    upstream.renew();
    expect(begun).toHaveLength(1);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
