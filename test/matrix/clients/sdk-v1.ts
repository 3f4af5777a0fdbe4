import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import {
  bareEnvironment,
  type Connected,
  EVERY_ASK,
  EVERY_METHOD,
  failed,
  Heard,
  type StockClient,
  type Target,
} from '../client.ts';
import { CAPABILITIES, type Person } from '../person.ts';
import type { Answer, Question } from '../question.ts';

/** `@modelcontextprotocol/sdk`, the client that most agents are built on. */
export function sdkV1(door: StockClient['door']): StockClient {
  return {
    name: `SDK v1 over ${door}`,
    door,
    era: 'legacy',
    asks: EVERY_ASK,
    connect: async (target, _, person) => {
      const client = person === undefined ? new Client(INFO) : askable(person);
      await client.connect(transportTo(target) as Parameters<Client['connect']>[0]);
      return connected(client);
    },
  };
}

const INFO = { name: 'matrix', version: '1.0.0' };

function askable(person: Person): Client {
  const client = new Client(INFO, { capabilities: CAPABILITIES });
  client.setRequestHandler(CreateMessageRequestSchema, ({ method, params }) => person.answer(method, params));
  client.setRequestHandler(ElicitRequestSchema, ({ method, params }) => person.answer(method, params));
  client.setRequestHandler(ListRootsRequestSchema, ({ method, params }) => person.answer(method, params));
  return client;
}

function transportTo(target: Target): unknown {
  if (target.kind === 'program') {
    const [command, ...args] = target.command;
    return new StdioClientTransport({
      command,
      args,
      env: bareEnvironment(target.environment),
      stderr: 'ignore',
    });
  }
  const { token } = target;
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const url = new URL(target.url);
  return url.pathname.endsWith('/sse')
    ? new SSEClientTransport(url, { requestInit: { headers } })
    : new StreamableHTTPClientTransport(url, { requestInit: { headers } });
}

function connected(client: Client): Connected {
  const heard = new Heard();
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => heard.add(params));
  return {
    can: EVERY_METHOD,
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
      const result = await client.callTool({ name, arguments: args }, undefined, {
        ...(question.progress ? { onprogress: (report) => progress.push(report) } : {}),
      });
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
      return { result: await client.getPrompt({ name: question.name, arguments: question.arguments }) };
    case 'completion/complete': {
      const { ref, argument, context } = question;
      return { result: await client.complete({ ref, argument, ...(context && { context }) }) };
    }
    case 'logging/setLevel':
      return { result: await client.setLoggingLevel(question.level) };
    case 'notifications/message':
      return { result: await heard.first() };
  }
}
