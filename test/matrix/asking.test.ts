import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Era, StockClient, Target } from './client.ts';
import { CLIENTS } from './clients.ts';
import { ASKING_QUESTIONS } from './columns/asking.ts';
import { type Column, columnsIn } from './columns.ts';
import { wanted } from './differences.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { Person } from './person.ts';
import { type Answers, askAll, type Questions } from './question.ts';
import { steady } from './steady.ts';

const ASKED = CLIENTS.filter(({ asks }) => asks.length > 0);

const folder = mkdtempSync(join(tmpdir(), 'aegis-asking-'));
let column: Column;
let gateway: Gateway;

beforeAll(async () => {
  column = columnsIn(folder, 'http://127.0.0.1:9/mcp').find(({ name }) => name === 'everything') as Column;
  gateway = await openGateway(folder, ASKED, [column]);
});

afterAll(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(ASKED.map((client) => [client.name, client] as const))(
  '%s, which can be asked',
  (_, client) => {
    let direct: Talk;
    let through: Talk;

    beforeAll(async () => {
      [direct, through] = await Promise.all([
        talk(client, column.direct, 'legacy'),
        talk(client, gateway.targetOf(client, column), client.era),
      ]);
    });

    it('is offered the tools that ask, and gets the same answers', () => {
      expect(through.answers).toEqual(wanted(direct.answers, questionsFor(client), { client, column }));
    });

    it('is asked the same', () => {
      const asked = eachOnce(direct.asked);
      expect(asked.map(({ method }) => method)).toEqual(client.asks.toSorted());
      expect(eachOnce(through.asked)).toEqual(asked);
    });
  },
);

interface Talk {
  readonly asked: Person['asked'];
  readonly answers: Answers;
}

async function talk(client: StockClient, target: Target, era: Era): Promise<Talk> {
  const person = new Person();
  const connected = await client.connect(target, era, person);
  try {
    const answers = steady(await askAll(connected, questionsFor(client))) as Answers;
    return { asked: person.asked, answers };
  } finally {
    await connected.close();
  }
}

function questionsFor({ asks }: StockClient): Questions {
  const asking = ASKING_QUESTIONS.filter((one) => asks.includes(one.asks));
  return {
    'tools/list': { method: 'tools/list' },
    ...Object.fromEntries(asking.map(({ name, question }) => [name, question])),
  };
}

/** The server asks for the roots some time after the start, and again when it is called before they came. */
function eachOnce(asked: Person['asked']): Person['asked'] {
  const once = new Map(asked.map((one) => [JSON.stringify(one), one]));
  return [...once.values()].toSorted((a, b) => (a.method < b.method ? -1 : 1));
}
