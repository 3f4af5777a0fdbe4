import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsIn } from '../e2e/ledger.ts';
import type { Connected } from './client.ts';
import { sdkV1 } from './clients/sdk-v1.ts';
import { sdkV2 } from './clients/sdk-v2.ts';
import { type Column, columnsIn } from './columns.ts';
import { type Served, serveEverything } from './everything-http.ts';
import { type Gateway, openGateway, RESTRICTED } from './gateway.ts';

const CLIENT = sdkV1('http');
const COLUMNS = ['filesystem', 'memory', 'sequential-thinking', 'everything', 'everything-http'];

const folder = mkdtempSync(join(tmpdir(), 'aegis-restricted-'));
let served: Served;
let columns: readonly Column[];
let gateway: Gateway;

beforeAll(async () => {
  served = await serveEverything();
  columns = columnsIn(folder, served.url);
  gateway = await openGateway(folder, [CLIENT], columns);
});

afterAll(async () => {
  await gateway.close();
  await served.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(COLUMNS)('a tool of %s that policy forbids one agent', (name) => {
  let column: Column;
  let free: Connected;
  const restricted: Connected[] = [];

  beforeAll(async () => {
    column = columns.find((one) => one.name === name) as Column;
    free = await CLIENT.connect(gateway.targetOf(CLIENT, column), 'legacy');
    const target = gateway.url(RESTRICTED, `/s/${name}/mcp`);
    restricted.push(await CLIENT.connect(target, 'legacy'));
    restricted.push(await sdkV2('modern', 'http').connect(target, 'modern'));
  });

  afterAll(async () => {
    await Promise.all([free, ...restricted].map((connected) => connected.close()));
  });

  it('is the only one that this agent does not see', async () => {
    const all = await toolNames(free);
    expect(all).toContain(column.forbidden.name);
    for (const connected of restricted) {
      expect(await toolNames(connected)).toEqual(all.filter((tool) => tool !== column.forbidden.name));
    }
  });

  it('is answered as if it did not exist, and never reaches the server', async () => {
    for (const connected of restricted) {
      const answer = await connected.ask({ method: 'tools/call', ...column.forbidden });
      expect(answer).toMatchObject({
        result: { isError: true, _meta: { 'aegis/denial': { code: 'TOOL_UNKNOWN' } } },
      });
      expect(JSON.stringify(answer)).not.toContain('restricted');
    }
    expect(callsOf(column)).toEqual(['TOOL_CALL_DENIED', 'TOOL_CALL_DENIED']);
    const { trace } = column.forbidden;
    if (trace !== undefined) expect(existsSync(trace)).toBe(false);
  });

  it('is run for another agent', async () => {
    expect(await free.ask({ method: 'tools/call', ...column.forbidden })).not.toHaveProperty(
      'result.isError',
    );
    expect(callsOf(column).slice(2)).toEqual(['TOOL_CALL_ALLOWED', 'TOOL_CALL_EXECUTED', 'TOOL_RESULT']);
    const { trace } = column.forbidden;
    if (trace !== undefined) expect(existsSync(trace)).toBe(true);
  });
});

describe('the endpoint with all servers', () => {
  it('offers what each of them offers, under its own name where only one has it', async () => {
    const lists = await Promise.all(
      columns.map(async (column) => {
        const connected = await CLIENT.connect(gateway.targetOf(CLIENT, column), 'legacy');
        const names = await toolNames(connected);
        await connected.close();
        return names.map((tool) => ({ server: column.name, tool }));
      }),
    );
    const offered = lists.flat();
    const count = (tool: string): number => offered.filter((one) => one.tool === tool).length;
    const all = gateway.url('sdk-v1-over-http', '/mcp');
    const connected = await CLIENT.connect(all, 'legacy');
    try {
      expect((await toolNames(connected)).toSorted()).toEqual(
        offered.map(({ server, tool }) => (count(tool) === 1 ? tool : `${server}__${tool}`)).toSorted(),
      );
      const sum = { method: 'tools/call', arguments: { a: 1, b: 2 } } as const;
      for (const name of ['everything__get-sum', 'everything-http__get-sum']) {
        expect(await connected.ask({ ...sum, name })).toMatchObject({
          result: { content: [{ text: 'The sum of 1 and 2 is 3.' }] },
        });
      }
    } finally {
      await connected.close();
    }
  });
});

async function toolNames(connected: Connected): Promise<readonly string[]> {
  const answer = await connected.ask({ method: 'tools/list' });
  if ('error' in answer) throw new Error(answer.error.message);
  return (answer.result as { tools: { name: string }[] }).tools.map(({ name }) => name);
}

/** What the ledger says became of the calls of the forbidden tool. */
function callsOf({ name, forbidden }: Column): readonly string[] {
  const events = eventsIn(join(folder, '.aegis/aegis.db'));
  const calls = new Set(
    events
      .filter(
        ({ type, payload }) =>
          type === 'TOOL_CALL_PROPOSED' &&
          payload['server'] === name &&
          payload['tool_name'] === forbidden.name,
      )
      .map(({ payload }) => payload['call_id']),
  );
  return events
    .filter(
      ({ type, payload }) =>
        /^TOOL_(CALL_DENIED|CALL_ALLOWED|CALL_EXECUTED|RESULT)$/.test(type) && calls.has(payload['call_id']),
    )
    .map(({ type }) => type);
}
