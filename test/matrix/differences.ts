import { expect } from 'vitest';
import type { StockClient } from './client.ts';
import type { Column } from './columns.ts';
import type { Answer, Answers, Question, Questions } from './question.ts';

/** One question of one client to one server. */
export interface Asked {
  readonly client: StockClient;
  readonly column: Column;
  readonly question: Question;
}

/** A way in which an answer through the gateway is not the one without it, by design. */
export interface Difference {
  readonly reason: string;
  applies(asked: Asked): boolean;
  /** Makes of the answer without the gateway the one that is wanted through it. */
  change(answer: Answer, asked: Asked): Answer;
}

/** All of them. What is not said here is the same with the gateway and without it. */
export const DIFFERENCES: readonly Difference[] = [
  {
    reason: 'the gateway speaks for itself, also where several servers stand behind it',
    applies: ({ question }) => question.method === 'initialize',
    change: inResult((result) => ({
      ...result,
      serverInfo: { name: 'aegis', title: 'Aegis', version: expect.any(String) },
    })),
  },
  {
    reason: 'what a server tells the model is quoted under its name',
    applies: ({ question }) => question.method === 'initialize',
    change: (answer, { column }) =>
      inResult((result) => {
        const { instructions } = result;
        if (typeof instructions !== 'string') return result;
        const lines = instructions.trim().split('\n');
        const quoted = [`Server \`${column.name}\` says:`, ...lines.map((line) => `> ${line}`)];
        return { ...result, instructions: quoted.join('\n') };
      })(answer),
  },
  {
    reason: 'without sessions there are no tasks: they became an extension, which is not offered',
    applies: ({ client, question }) => client.era === 'modern' && question.method === 'initialize',
    change: inResult(({ capabilities, ...result }) => ({
      ...result,
      capabilities: without(capabilities, 'tasks'),
    })),
  },
  {
    reason: 'without sessions there are no tasks, so no tool asks for them',
    applies: ({ client, question }) => client.era === 'modern' && question.method === 'tools/list',
    change: inList('tools', (tools) => tools.map((tool) => without(tool, 'execution'))),
  },
  {
    reason: 'of a tool that is no task it is not said that it is none',
    applies: ({ question }) => question.method === 'tools/list',
    change: inList('tools', (tools) =>
      tools.map((tool) => {
        const { taskSupport } = (tool['execution'] ?? {}) as JsonObject;
        return taskSupport === 'optional' || taskSupport === 'required' ? tool : without(tool, 'execution');
      }),
    ),
  },
  {
    reason: 'lists are sorted, so that pages are the same for every request',
    applies: ({ question }) => question.method in NAMED_BY,
    change: (answer, { question }) => {
      const [list, key] = NAMED_BY[question.method as keyof typeof NAMED_BY];
      return inList(list, (items) => items.toSorted((a, b) => (String(a[key]) < String(b[key]) ? -1 : 1)))(
        answer,
      );
    },
  },
  {
    reason: 'what is not there is denied, in the words that hide what policy hides',
    applies: ({ question }) => question.method === 'tools/call' && question.name === 'no_such_tool',
    change: () => ({
      result: {
        content: [
          {
            type: 'text',
            text: 'Denied by Aegis: there is no tool `no_such_tool`\ncode: TOOL_UNKNOWN\ndecision: <decision>',
          },
        ],
        isError: true,
        _meta: {
          'aegis/denial': {
            code: 'TOOL_UNKNOWN',
            message: 'there is no tool `no_such_tool`',
            decision_id: '<decision>',
          },
        },
      },
    }),
  },
  {
    reason: 'what is not there is denied; in sessions with a code of its own, which no server has',
    applies: ({ question }) => question.method === 'prompts/get' && question.name === 'no-such-prompt',
    change: (_, { client }) => ({
      error: {
        message: expect.stringContaining('there is no prompt `no-such-prompt`'),
        code: client.era === 'legacy' ? -31403 : -32602,
      },
    }),
  },
  {
    reason: 'a server gets the environment that is declared for it, and `PATH`',
    applies: ({ column, question }) =>
      question.method === 'tools/call' && question.name === 'get-env' && column.direct.kind === 'program',
    change: inResult((result) => {
      const text = JSON.stringify({ PATH: process.env['PATH'] ?? '' }, null, 2);
      return { ...result, content: [{ type: 'text', text }] };
    }),
  },
  {
    reason: 'without sessions, every result says that it is complete; most clients keep that to themselves',
    applies: ({ client, question }) =>
      client.era === 'modern' && client.showsResultType === true && question.method !== 'initialize',
    change: inResult((result) => ({ ...result, resultType: 'complete' })),
  },
  {
    reason: 'without sessions, every result says who answers',
    applies: ({ client, question }) => client.era === 'modern' && question.method !== 'initialize',
    change: inResult((result) => ({
      ...result,
      _meta: {
        ...(result['_meta'] as JsonObject | undefined),
        'io.modelcontextprotocol/serverInfo': { name: 'aegis', title: 'Aegis', version: expect.any(String) },
      },
    })),
  },
  {
    reason: 'without sessions, a client keeps lists for a short time, and to itself',
    applies: ({ client, question }) => client.era === 'modern' && question.method in NAMED_BY,
    change: inResult((result) => ({ ...result, ttlMs: 5000, cacheScope: 'private' })),
  },
  {
    reason: 'without sessions, a client keeps no resource of a server that says nothing of it',
    applies: ({ client, question }) => client.era === 'modern' && question.method === 'resources/read',
    change: inResult((result) => ({ ...result, ttlMs: 0, cacheScope: 'private' })),
  },
  {
    reason:
      'the lists of a server that may ask are those of a client that answers all that its manifest names',
    applies: ({ column, question }) =>
      question.method === 'tools/list' && (column.manifest ?? '').includes('client_requests'),
    change: inResult((result) => ({
      ...result,
      tools: expect.arrayContaining(result['tools'] as unknown[]),
    })),
  },
];

/** The answers without the gateway, with every difference that is meant; `noted` hears of each that there was. */
export function wanted(
  direct: Answers,
  questions: Questions,
  where: Omit<Asked, 'question'>,
  noted: (difference: Difference) => void = () => {},
): Answers {
  const changed = Object.entries(direct).map(([name, answer]): [string, Answer] => {
    const question = questions[name];
    if (question === undefined) throw new TypeError(`nobody asked ${name}`);
    const asked = { ...where, question };
    return [
      name,
      DIFFERENCES.reduce((before, difference) => {
        if (!difference.applies(asked)) return before;
        const after = difference.change(before, asked);
        if (JSON.stringify(after) !== JSON.stringify(before)) noted(difference);
        return after;
      }, answer),
    ];
  });
  return Object.fromEntries(changed);
}

type JsonObject = Readonly<Record<string, unknown>>;

const NAMED_BY = {
  'tools/list': ['tools', 'name'],
  'resources/list': ['resources', 'uri'],
  'resources/templates/list': ['resourceTemplates', 'uriTemplate'],
  'prompts/list': ['prompts', 'name'],
} as const;

function inResult(change: (result: JsonObject) => JsonObject): (answer: Answer) => Answer {
  return (answer) =>
    'result' in answer ? { ...answer, result: change(answer.result as JsonObject) } : answer;
}

function inList(
  list: string,
  change: (items: readonly JsonObject[]) => readonly JsonObject[],
): (answer: Answer) => Answer {
  return inResult((result) => ({ ...result, [list]: change(result[list] as readonly JsonObject[]) }));
}

function without(object: unknown, key: string): JsonObject {
  const { [key]: _, ...rest } = object as JsonObject;
  return rest;
}
