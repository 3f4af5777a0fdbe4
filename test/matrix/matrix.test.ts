import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Era, StockClient, Target } from './client.ts';
import { CLIENTS } from './clients.ts';
import { type Column, columnsIn } from './columns.ts';
import { DIFFERENCES, wanted } from './differences.ts';
import { type Served, serveEverything } from './everything-http.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { type Answers, askAll, type Questions } from './question.ts';
import { steady } from './steady.ts';

/** What one client was answered by one server, without the gateway and through it. */
interface Cell {
  readonly direct: Answers;
  readonly through: Answers;
}

const COLUMNS = ['filesystem', 'memory', 'sequential-thinking', 'everything', 'everything-http'];

const folder = mkdtempSync(join(tmpdir(), 'aegis-matrix-'));
const used = new Set<string>();
let served: Served;
let columns: readonly Column[];
let gateway: Gateway;

beforeAll(async () => {
  served = await serveEverything();
  columns = columnsIn(folder, served.url);
  gateway = await openGateway(folder, CLIENTS, columns);
});

afterAll(async () => {
  await gateway.close();
  await served.close();
  rmSync(folder, { recursive: true, force: true });
});

it('has a column for every server', () => {
  expect(columns.map(({ name }) => name)).toEqual(COLUMNS);
});

describe.each(CLIENTS.map((client) => [client.name, client] as const))('%s', (_, client) => {
  const cells = new Map<string, Promise<Cell>>();

  // The columns of a row at the same time: most of it is waiting for processes to start.
  beforeAll(() => {
    for (const column of columns) {
      const cell = fill(client, column);
      cell.catch(() => {});
      cells.set(column.name, cell);
    }
  });

  it.each(COLUMNS)('gets from %s what it gets without the gateway', async (name) => {
    const { direct, through } = (await cells.get(name)) as Cell;
    const column = columns.find((one) => one.name === name) as Column;
    expect(failuresIn(direct)).toEqual(column.failures.filter((failure) => failure in direct));
    expect(Object.keys(direct).length).toBeGreaterThan(1);
    expect(through).toEqual(
      wanted(direct, column.questions, { client, column }, ({ reason }) => used.add(reason)),
    );
  });
});

it('lists no difference that is none', () => {
  expect(DIFFERENCES.map(({ reason }) => reason).filter((reason) => !used.has(reason))).toEqual([]);
});

async function fill(client: StockClient, column: Column): Promise<Cell> {
  column.prepare?.();
  const direct = await answersOf(client, column, column.direct, 'legacy');
  column.prepare?.();
  const through = await answersOf(client, column, gateway.targetOf(client, column), client.era);
  return { direct, through };
}

async function answersOf(client: StockClient, column: Column, target: Target, era: Era): Promise<Answers> {
  const connected = await client.connect(target, era);
  try {
    return steady(await askAll(connected, questionsFor(client, column))) as Answers;
  } finally {
    await connected.close();
  }
}

/** The questions that were answered with an error. */
function failuresIn(answers: Answers): readonly string[] {
  return Object.entries(answers)
    .filter(([, answer]) => 'error' in answer || (answer.result as { isError?: boolean }).isError === true)
    .map(([name]) => name);
}

function questionsFor({ brief }: StockClient, column: Column): Questions {
  if (brief === undefined) return column.questions;
  return Object.fromEntries(Object.entries(column.questions).filter(([name]) => column.brief.includes(name)));
}
