import {
  experimental_createMCPClient as createMCPClient,
  ElicitationRequestSchema,
  type MCPClient,
} from '@ai-sdk/mcp';
import { Experimental_StdioMCPTransport } from '@ai-sdk/mcp/mcp-stdio';
import { bareEnvironment, type Connected, failed, only, type StockClient, type Target } from '../client.ts';
import type { Question } from '../question.ts';

/** `@ai-sdk/mcp`: finds out over HTTP which era is spoken, and falls back to sessions. */
export const aiSdk: StockClient = {
  name: 'AI SDK over http',
  door: 'http',
  era: 'modern',
  showsResultType: true,
  asks: ['elicitation/create'],
  connect: async (target, era, person) => {
    const client = await createMCPClient({
      transport: transportTo(target),
      protocolVersionDiscovery: era === 'modern',
      ...(person === undefined ? {} : { capabilities: { elicitation: {} } }),
    });
    if (person !== undefined) {
      client.onElicitationRequest(ElicitationRequestSchema, ({ method, params }) =>
        person.answer(method, params),
      );
    }
    return connected(client);
  },
};

function transportTo(target: Target): Parameters<typeof createMCPClient>[0]['transport'] {
  if (target.kind === 'program') {
    const [command, ...args] = target.command;
    const env = bareEnvironment(target.environment);
    return new Experimental_StdioMCPTransport({ command, args, env, stderr: 'ignore' });
  }
  const { url, token } = target;
  return {
    type: 'http',
    url,
    ...(token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } }),
  };
}

function connected(client: MCPClient): Connected {
  return {
    can: only([
      'initialize',
      'tools/list',
      'tools/call',
      'resources/list',
      'resources/templates/list',
      'resources/read',
      'prompts/list',
      'prompts/get',
      'completion/complete',
    ]),
    ask: async (question) => {
      try {
        return { result: await resultOf(client, question) };
      } catch (error) {
        return failed(error);
      }
    },
    close: () => client.close(),
  };
}

async function resultOf(client: MCPClient, question: Question): Promise<unknown> {
  switch (question.method) {
    case 'initialize': {
      const { serverInfo, capabilities, instructions } = client.initializeResult;
      return { serverInfo, capabilities, instructions };
    }
    case 'tools/list':
      return client.listTools();
    case 'tools/call':
      return client.callTool({ name: question.name, arguments: question.arguments });
    case 'resources/list':
      return client.listResources();
    case 'resources/templates/list':
      return client.listResourceTemplates();
    case 'resources/read':
      return client.readResource({ uri: question.uri });
    case 'prompts/list':
      return client.listPrompts();
    case 'prompts/get':
      return client.getPrompt({ name: question.name, arguments: question.arguments });
    case 'completion/complete': {
      const { ref, argument, context } = question;
      return client.complete({ ref, argument, ...(context && { context }) });
    }
    default:
      throw new TypeError(`the AI SDK cannot ask ${question.method}`);
  }
}
