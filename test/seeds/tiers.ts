import { expect } from 'vitest';
import { openWorkspace } from '../policies/workspace.ts';
import type { PrintedDocument } from './document.ts';
import { hasCommand } from './ground.ts';

// Printed before these rules nothing is allowed: what they let alone is seen behind them.
const REST = '\n[[policies]]\nname = "the-rest"\naction = "allow"\n';

async function decided(toml: string, tool: string, args: Record<string, string>) {
  const { decide } = await openWorkspace('gateway.toml', { 'gateway.toml': `${toml}${REST}` });
  const { effect, rule, audit } = decide('files', tool, args);
  return `${effect} ${rule}${audit ? ' recorded' : ''}`;
}

const sentinel = (): boolean => hasCommand('sentinel');

export const tiers: PrintedDocument = {
  name: 'tiers and rules of a gateway',
  known: 'Part 2: Gateway Policy Rules',
  printed: [
    ...['shield', 'developer', 'sentinel'].map((tier, index) => ({
      what: `--tier ${tier}`,
      found: new RegExp(`^[a-z-]+ --tier ${tier}$`, 'm'),
      requirement: `U-02, X-0${index + 1}`,
      becomes: { kind: 'missing' as const, isThere: sentinel },
    })),
    {
      what: 'anatomy of a rule',
      found: /^\[\[policies\]\]\nname {4}= "human[\s\S]*?log .*$/m,
      requirement: 'P-01, P-04',
      becomes: {
        kind: 'runs',
        run: async (printed) => {
          for (const action of ['allow', 'deny', 'audit']) {
            const rule = printed
              .replace(/"allow" \| "deny" \| "audit"/, `"${action}"`)
              .replace('*", ... }', '*" }');
            const effect = action === 'deny' ? 'deny' : 'allow';
            expect(await decided(rule, 'pattern-of-mine', {})).toBe(`${effect} human-readable-name recorded`);
            expect(await decided(rule, 'another', {})).toBe('allow the-rest');
          }
        },
      },
    },
    {
      what: 'writes to the system are blocked',
      found: /^\[\[policies\]\]\nname {3}= "block-system-writes"[\s\S]*?"\/usr\/\*" \}$/m,
      requirement: 'P-02, P-06',
      becomes: {
        kind: 'runs',
        run: async (printed) => {
          const write = (path: string) => decided(printed, 'filesystem_write', { path });
          expect(await write('/etc/passwd')).toBe('deny block-system-writes');
          expect(await write('/srv/../etc/cron.d/x')).toBe('deny block-system-writes');
          expect(await write('/usr/bin/env')).toBe('deny block-system-writes-usr');
          expect(await write('/srv/notes')).toBe('allow the-rest');
        },
      },
    },
    {
      what: 'what touches the memory is recorded',
      found: /^\[\[policies\]\]\nname {3}= "audit-memory-ops"[\s\S]*?^log .*$/m,
      requirement: 'P-04, P-05',
      becomes: {
        kind: 'runs',
        run: async (printed) => {
          expect(await decided(printed, 'memory_add', { text: 'x' })).toBe('allow audit-memory-ops recorded');
          expect(await decided(printed, 'plan_add', {})).toBe('allow the-rest');
        },
      },
    },
    {
      what: 'routes by prefix, and to both',
      found: /^\[\[routes\]\]\nprefix {3}= "memory_\*"[\s\S]*?^upstream = \[.*$/m,
      requirement: 'G-07, G-08',
      becomes: {
        kind: 'runs',
        run: async (printed) => {
          const { configuration } = await openWorkspace('gateway.toml', { 'gateway.toml': printed });
          const servers = configuration.servers.map(({ name, ...one }) => [
            name,
            one.kind === 'http' ? one.url : '',
          ]);
          const routes = configuration.routes.map(({ match, servers: names }) => [
            match.kind === 'prefix' ? match.prefix : '',
            names.map((name) => servers.find(([known]) => known === name)?.[1]),
          ]);
          const [memory, plan] = ['http://mnemon:8080/mcp', 'http://planner:8081/mcp'];
          expect(routes).toEqual([
            ['memory_', [memory]],
            ['plan_', [plan]],
            ['hybrid_', [memory, plan]],
          ]);
        },
      },
    },
  ],
};
