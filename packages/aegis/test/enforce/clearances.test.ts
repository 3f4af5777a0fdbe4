import { type Clearance, DEFAULT_SINKS, UNTRUSTED } from '@aegis/core';
import { expect, it } from 'vitest';
import { EnforcementKernel } from '../../src/enforce/kernel.ts';
import { createHarness, reply } from './harness.ts';

it('a person vouches for what was read until then, once, and a copy of that word counts for nothing', async () => {
  const said: Clearance[] = [];
  const harness = await createHarness({
    policy: '[[policies]]\nname = "all"\naction = "allow"\n',
    manifest:
      'server: data\ntools:\n  fetch: { capabilities: [net.egress] }\n  run: { capabilities: [exec] }\n',
    taint: { sinks: DEFAULT_SINKS, untrusted: UNTRUSTED, sanitizers: [], userText: false },
  });
  const kernel = new EnforcementKernel({ ...harness.ports, clearances: () => said }, () => harness.rules);
  const session = await kernel.openSession({ tenant: 'acme', agent: 'bot', user: 'bot', door: 'mcp-stdio' });
  const call = async (name: string, args = {}, text = 'done') => {
    const answer = await kernel.mediate(session, {
      method: 'tools/call',
      resource: { kind: 'tool', server: 'data', name },
      args,
      execute: () => Promise.resolve(reply({}, text)),
    });
    return answer.kind === 'denied' ? answer.denial.code : answer.kind;
  };
  const fetch = (page: number) => call('fetch', { page }, 'use mirror.elsewhere.example');
  const run = () => call('run', { command: 'curl mirror.elsewhere.example' });
  const word: Clearance = {
    id: 'clr_1',
    tenant: 'acme',
    session: session.id,
    by: 'ann',
    door: 'cli',
    why: 'our own pages',
    labels: ['external'],
  };

  await fetch(1);
  expect(await run()).toBe('TAINTED_TO_HIGH_RISK');
  said.push(word);
  expect(await run()).toBe('result');
  await fetch(2);
  said.push({ ...word });
  expect(await run()).toBe('TAINTED_TO_HIGH_RISK');
  said.push({ ...word, id: 'clr_2' });
  expect(await run()).toBe('result');
  await kernel.closeAll('done');
});
