import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import {
  bareEnvironment,
  type Connected,
  type Era,
  EVERY_ASK,
  EVERY_METHOD,
  failed,
  Heard,
  only,
  type StockClient,
  type Target,
} from '../client.ts';
import { CAPABILITIES, type Person } from '../person.ts';
import type { Answer, Question } from '../question.ts';

/** `@modelcontextprotocol/client`, which speaks both eras. */
export function sdkV2(era: Era, door: 'stdio' | 'http'): StockClient {
  return {
    name: `SDK v2, ${era}, over ${door}`,
    door,
    era,
    asks: EVERY_ASK,
    connect: async (target, spoken, person) => {
      const mode = spoken === 'modern' ? ({ pin: '2026-07-28' } as const) : 'legacy';
      const capabilities = person === undefined ? {} : CAPABILITIES;
      const client = new Client(
        { name: 'matrix', version: '1.0.0' },
        { capabilities, versionNegotiation: { mode } },
      );
      if (person !== undefined) letAsk(client, person);
      await client.connect(transportTo(target));
      return connected(client, era);
    },
  };
}

const WITHOUT_LOGS = only(
  [...EVERY_METHOD].filter((one) => one !== 'logging/setLevel' && one !== 'notifications/message'),
);

function letAsk(client: Client, person: Person): void {
  client.setRequestHandler('sampling/createMessage', ({ method, params }) => person.answer(method, params));
  client.setRequestHandler('elicitation/create', ({ method, params }) => person.answer(method, params));
  client.setRequestHandler('roots/list', ({ method, params }) => person.answer(method, params));
}

function transportTo(target: Target): StdioClientTransport | StreamableHTTPClientTransport {
  if (target.kind === 'program') {
    const [command, ...args] = target.command;
    return new StdioClientTransport({
      command,
      args,
      env: bareEnvironment(target.environment),
      stderr: 'ignore',
    });
  }
  const { url, token } = target;
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  return new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
}

function connected(client: Client, era: Era): Connected {
  const heard = new Heard();
  client.setNotificationHandler('notifications/message', ({ params }) => heard.add(params));
  return {
    // The later era has no level for a whole session, and no message that belongs to no request.
    can: era === 'legacy' ? EVERY_METHOD : WITHOUT_LOGS,
    ask: async (question) => {
      try {
        return await answerOf(client, heard, question);
      } catch (error) {
        return failed(error);
      }
    },
    close: () => client.close(),
  };
}

async function answerOf(client: Client, heard: Heard, question: Question): Promise<Answer> {
  switch (question.method) {
    case 'initialize':
      return {
        result: {
          serverInfo: client.getServerVersion(),
          capabilities: client.getServerCapabilities(),
          instructions: client.getInstructions(),
        },
      };
    case 'tools/list':
      return { result: await client.listTools() };
    case 'tools/call': {
      const progress: unknown[] = [];
      const { name, arguments: args } = question;
      const result = await client.callTool(
        { name, arguments: { ...args } },
        question.progress ? { onprogress: (report) => progress.push(report) } : {},
      );
      return question.progress ? { result, progress } : { result };
    }
    case 'resources/list':
      return { result: await client.listResources() };
    case 'resources/templates/list':
      return { result: await client.listResourceTemplates() };
    case 'resources/read':
      return { result: await client.readResource({ uri: question.uri }) };
    case 'prompts/list':
      return { result: await client.listPrompts() };
    case 'prompts/get':
      return {
        result: await client.getPrompt({ name: question.name, arguments: { ...question.arguments } }),
      };
    case 'completion/complete': {
      const { ref, argument, context } = question;
      return {
        result: await client.complete({
          ref,
          argument,
          ...(context && { context: { arguments: { ...context.arguments } } }),
        }),
      };
    }
    case 'logging/setLevel':
      return { result: await client.setLoggingLevel(question.level) };
    case 'notifications/message':
      return { result: await heard.first() };
  }
}
