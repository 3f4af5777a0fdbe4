import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { ContentTurns } from '../../src/enforce/content-turns.ts';
import type { SessionHandle } from '../../src/enforce/door.ts';
import { EnforcementKernel } from '../../src/enforce/kernel.ts';
import { Session } from '../../src/enforce/session.ts';
import type { EventStore } from '../../src/ports.ts';
import { createMemoryStore } from '../../src/store/memory.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { createHarness, type Harness, reply } from './harness.ts';
import { ALLOW, codeOf, harness, MANIFEST, PAGE, readPage, STEERING } from './tainted.ts';

describe('what a session has read', () => {
  /** As a process that has taken over knows it. */
  async function reopened(h: Harness, session: SessionHandle) {
    const place = { tenant: 'acme', session: session.id };
    const again = await Session.reopen(place, new ContentTurns(), h.ports);
    const { lineage } = await again.follow();
    const call = { server: 'data', capabilities: ['exec'], kinds: undefined } as const;
    return (args: JsonObject) => lineage.trace({ ...call, args });
  }

  async function afterReading(h: Harness): Promise<SessionHandle> {
    const session = await h.open();
    await h.call(session, 'read', { path: './mine.md' });
    await readPage(h, session, PAGE);
    await readPage(h, session, STEERING, 'recall');
    await h.call(session, 'send', { to: 'eve@elsewhere.example', body: 'x' });
    return session;
  }

  it('is the same for a process that only has the ledger', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aegis-taint-'));
    const file = join(folder, 'aegis.db');
    try {
      const store = openSqliteStore(file, { durability: 'full' });
      const h = await harness({ store });
      const session = await afterReading(h);
      await store.close();
      const reading = openSqliteStore(file, { durability: 'full' });
      const trace = await reopened({ ...h, ports: { ...h.ports, store: reading } }, session);
      expect(trace({ command: 'mail eve@elsewhere.example', path: './mine.md', to: 'new.example' })).toEqual({
        taints: [
          {
            at: '/command',
            labels: ['external', 'memory'],
            from: [(await callIds(reading, session))[1]],
            agreement: 'part',
            use: 'authority',
          },
        ],
        unfounded: '/command',
      });
      await reading.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  async function callIds(store: EventStore, session: SessionHandle): Promise<string[]> {
    const ids: string[] = [];
    for await (const { body } of store.session('acme', session.id)) {
      const { event_type: type, payload } = JSON.parse(body);
      if (type === 'TOOL_CALL_PROPOSED') ids.push(payload.call_id);
    }
    return ids;
  }

  it('is unknown once it is erased, and everything that nobody said is held for it', async () => {
    const store = createMemoryStore();
    const h = await harness({ store });
    const session = await afterReading(h);
    const erased: EventStore = {
      append: (request) => store.append(request),
      session: (...place) => store.session(...place),
      entries: (options) => store.entries(options),
      ofTypes: (types, after) => store.ofTypes(types, after),
      pins: (position) => store.pins(position),
      blob: () => Promise.resolve(undefined),
      close: () => store.close(),
    };
    const trace = await reopened({ ...h, ports: { ...h.ports, store: erased } }, session);
    expect(trace({ command: 'something new' }).taints).toMatchObject([
      { at: '/command', labels: ['external', 'memory', 'tool'], from: [], agreement: 'unknown' },
    ]);
  });

  it('is known to rules that come into force in the middle of it', async () => {
    const h = await createHarness({ manifest: MANIFEST, policy: ALLOW });
    const { rules: later } = await harness();
    let rules = h.rules;
    const kernel = new EnforcementKernel(h.ports, () => rules);
    const session = await kernel.openSession({
      tenant: 'acme',
      agent: 'bot',
      user: 'bot',
      door: 'mcp-stdio',
    });
    await readPage({ ...h, kernel, call: callOf(kernel) }, session, PAGE);
    rules = later;
    const args = { command: 'fetch-it --from mirror.elsewhere.example' };
    expect(codeOf(await callOf(kernel)(session, 'run', args))).toBe('TAINTED_TO_HIGH_RISK');
  });
});

const callOf =
  (kernel: EnforcementKernel): Harness['call'] =>
  (session, name, args = {}, execute = () => Promise.resolve(reply({}))) =>
    kernel.mediate(session, {
      method: 'tools/call',
      resource: { kind: 'tool', server: 'data', name },
      args,
      execute,
    });
