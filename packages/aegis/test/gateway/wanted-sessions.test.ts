import { expect, it } from 'vitest';
import type { Caller } from '../../src/enforce/door.ts';
import { KeepAlive } from '../../src/gateway/front/http/keep-alive.ts';
import { OpenedIds } from '../../src/gateway/front/http/opened-ids.ts';
import type { Place } from '../../src/gateway/front/http/place.ts';
import { sealedText } from '../../src/gateway/front/http/session-seal.ts';
import { HttpSessions } from '../../src/gateway/front/http/sessions.ts';
import { SharedBudget } from '../../src/gateway/front/shared-budget.ts';

const KEY = new Uint8Array(32).fill(7);
const agreed = { revision: '2025-11-25', declared: {} } as const;

const callerOf = (agent: string): Caller => ({ tenant: 'acme', agent, user: agent, door: 'mcp-http' });

it('nobody takes the places of others by waiting for sessions of another process', async () => {
  const asked: string[] = [];
  const sessions = new HttpSessions(
    { maxSessions: 100, maxSessionsPerCaller: 2, idleMs: 60_000 },
    { maxStreams: 1, keepAlive: new KeepAlive(60_000), budget: new SharedBudget(1_000) },
    {
      key: KEY,
      // The other process is busy in all of them.
      moves: {
        take: (name) => {
          asked.push(name);
          return new Promise(() => {});
        },
        onWanted: () => {},
      },
    },
  );
  const ids = new OpenedIds(KEY);
  const want = (name: string, agent: string) => {
    const caller = callerOf(agent);
    const id = ids.seal(sealedText({ name, agreed }), caller, 'mcp');
    return sessions.take(id, { caller, key: 'mcp' } as Place);
  };
  void want('ses_1', 'ada');
  void want('ses_2', 'ada');
  expect(await want('ses_3', 'ada')).toBe('elsewhere');
  void want('ses_1', 'ada');
  void want('ses_4', 'bob');
  expect(asked).toEqual(['ses_1', 'ses_2', 'ses_4']);
});
