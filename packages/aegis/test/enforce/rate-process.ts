// A process of its own that makes calls under the rates of a shared ledger: `file|dsn`. Each line on its standard input
// is a round, `tool calls pauseMs`, and is answered with how many of them were allowed.
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { RateBook } from '@aegis/core';
import { EnforcementKernel } from '../../src/enforce/kernel.ts';
import { RatePermits } from '../../src/enforce/rate-permits.ts';
import { createIds, systemClock } from '../../src/platform.ts';
import { openPostgresStore } from '../../src/store/postgres.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { createHarness, reply } from './harness.ts';
import { RATES } from './shared-rates.ts';

const [place = ''] = process.argv.slice(2);
const store = place.startsWith('postgres') ? await openPostgresStore(place) : openSqliteStore(place);
const many = 1_000_000;
const harness = await createHarness({
  store,
  limits: { maxSteps: many, maxToolCalls: many, maxWallTimeMs: 10_000_000 },
  settings: { rates: RATES },
});
const rates = () => harness.rules.policy.rates;
const permits = new RatePermits(store.permits, rates);
const kernel = new EnforcementKernel(
  {
    ...harness.ports,
    clock: systemClock,
    ids: createIds(systemClock),
    rates: new RateBook(rates),
    permits,
  },
  () => harness.rules,
);
const session = await kernel.openSession({ tenant: 'acme', agent: 'bot', user: 'bot', door: 'mcp-stdio' });

/** How many calls of a tool were allowed. */
async function round(tool: string, calls: number, pauseMs: number): Promise<number> {
  let allowed = 0;
  for (let n = 0; n < calls; n++) {
    const answer = await kernel.mediate(session, {
      method: 'tools/call',
      resource: { kind: 'tool', server: 'data', name: tool },
      args: { n },
      execute: () => Promise.resolve(reply({})),
    });
    if (answer.kind === 'result') allowed++;
    if (pauseMs > 0) await sleep(pauseMs);
  }
  return allowed;
}

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [tool = '', calls = 0, pauseMs = 0] = line.split(' ');
  console.log(await round(tool, Number(calls), Number(pauseMs)));
}
