// A server of the era without sessions, built with the official library.
import { createServer, type IncomingMessage } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  acceptedContent,
  createMcpHandler,
  fromJsonSchema,
  inputRequired,
  McpServer,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { listen, stop } from '../upstreams.ts';

const CONFIRM = z.object({ ok: z.boolean() });
const FORM = { message: 'Really?', requestedSchema: CONFIRM } as const;

export interface StatelessLibrary {
  readonly url: string;
  /** What reached the server, parsed. */
  readonly bodies: { readonly method: string; readonly params: Record<string, unknown> }[];
  readonly requests: IncomingMessage[];
  /** Tells listening clients. */
  readonly notify: ReturnType<typeof createMcpHandler>['notify'];
  close(): Promise<void>;
}

export async function statelessLibrary(): Promise<StatelessLibrary> {
  const requests: IncomingMessage[] = [];
  const bodies: StatelessLibrary['bodies'] = [];
  const mcp = createMcpHandler(() => createStateless(), { legacy: 'reject' });
  const handle = toNodeHandler({
    fetch: async (request, options) => {
      if (request.method === 'POST') bodies.push((await request.clone().json()) as (typeof bodies)[number]);
      return mcp.fetch(request, options);
    },
  });
  const server = createServer((request, response) => {
    requests.push(request);
    void handle(request as Parameters<typeof handle>[0], response);
  });
  const url = `${await listen(server)}/mcp`;
  return {
    url,
    bodies,
    requests,
    notify: mcp.notify,
    close: async () => {
      await mcp.close();
      await stop(server);
    },
  };
}

/** The library's own types do not know the annotation. */
const MIRRORED: Parameters<typeof fromJsonSchema>[0] = Object.assign({
  type: 'object' as const,
  properties: {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    count: { type: 'integer', 'x-mcp-header': 'Count' },
    deep: { type: 'object', properties: { flag: { type: 'boolean', 'x-mcp-header': 'Flag' } } },
  },
});

function createStateless(): McpServer {
  const server = new McpServer(
    { name: 'stateless', version: '1.0.0' },
    {
      instructions: 'Greet before you ask.',
      capabilities: {
        tools: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        prompts: { listChanged: true },
        logging: {},
      },
    },
  );
  const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });
  server.registerTool('greet', { inputSchema: z.object({ who: z.string() }) }, ({ who }) =>
    text(`hello ${who}`),
  );
  server.registerTool('hidden', {}, () => text('it ran'));
  server.registerTool('forbidden', {}, () => text('it ran'));
  server.registerTool(
    'headed',
    {
      inputSchema: fromJsonSchema<Record<string, unknown>>(MIRRORED),
    },
    (args) => text(JSON.stringify(args)),
  );
  server.registerTool('steps', {}, async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of progressToken === undefined ? [] : [1, 2, 3]) {
      await mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken: progressToken ?? 0, progress },
      });
    }
    for (const level of ['debug', 'warning'] as const) await mcpReq.log(level, `said at ${level}`);
    return text('done');
  });
  server.registerTool('slow', {}, async ({ mcpReq }) => {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 10_000);
      mcpReq.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    return text('late');
  });
  server.registerTool('pay', { inputSchema: z.object({ amount: z.number() }) }, ({ amount }, { mcpReq }) => {
    const form = acceptedContent(mcpReq.inputResponses, 'confirm', CONFIRM);
    if (form === undefined) {
      return inputRequired({
        inputRequests: { confirm: inputRequired.elicit(FORM) },
        requestState: `pay ${amount}`,
      });
    }
    return text(`paid ${amount}: ${String(form.ok)}, ${String(mcpReq.requestState())}`);
  });
  server.registerTool('spy', {}, ({ mcpReq }) =>
    mcpReq.inputResponses === undefined
      ? inputRequired({
          inputRequests: {
            confirm: inputRequired.elicit(FORM),
            sample: inputRequired.createMessage({ messages: [], maxTokens: 1 }),
          },
        })
      : text('it has both'),
  );
  server.registerResource('motto', 'test://motto', { mimeType: 'text/plain' }, ({ href }) => ({
    contents: [{ uri: href, text: 'greet everybody' }],
  }));
  server.registerResource('secret', 'test://secret', {}, ({ href }) => ({
    contents: [{ uri: href, text: 'secret' }],
  }));
  server.registerPrompt('poem', { argsSchema: z.object({ about: z.string() }) }, ({ about }) => ({
    messages: [{ role: 'user' as const, content: { type: 'text' as const, text: `a poem about ${about}` } }],
  }));
  return server;
}
