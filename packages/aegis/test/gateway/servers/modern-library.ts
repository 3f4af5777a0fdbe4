// A server of the stateless revision, built with the official library.
import { setTimeout as sleep } from 'node:timers/promises';
import { acceptedContent, inputRequired, McpServer, type ServerOptions } from '@modelcontextprotocol/server';
import { z } from 'zod';

export interface Notifier {
  toolsChanged(): void;
  resourceUpdated(uri: string): void;
}

/** What the server of each request shows, and what it was asked to do. */
export class World {
  grown = false;
  cancelled = 0;
  notifier: Notifier | undefined;
}

const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });

const CAPABILITIES: ServerOptions = {
  capabilities: {
    tools: { listChanged: true },
    prompts: {},
    resources: { subscribe: true, listChanged: true },
    logging: {},
  },
  instructions: 'be kind',
};

export function createModernLibraryServer(world: World): McpServer {
  const server = new McpServer({ name: 'modern-library', version: '2.0.0' }, CAPABILITIES);
  server.registerTool(
    'greet',
    { inputSchema: z.object({ who: z.string() }), outputSchema: z.object({ greeting: z.string() }) },
    ({ who }) => ({ ...text(`hello ${who}`), structuredContent: { greeting: `hello ${who}` } }),
  );
  server.registerTool(
    'seen',
    { inputSchema: z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }).optional() }) },
    (_, { http, mcpReq }) =>
      text(
        JSON.stringify({
          headers: Object.fromEntries(http?.req?.headers ?? []),
          meta: mcpReq._meta,
          envelope: mcpReq.envelope,
        }),
      ),
  );
  server.registerTool('steps', {}, async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of [1, 2, 3]) {
      await mcpReq.log('info', `step ${progress}`);
      if (progressToken === undefined) continue;
      const params = { progressToken, progress, total: 3, message: `step ${progress}` };
      await mcpReq.notify({ method: 'notifications/progress', params });
    }
    return text('done');
  });
  server.registerTool('slow', {}, async ({ mcpReq }) => {
    await sleep(10_000, undefined, { signal: mcpReq.signal }).catch(() => world.cancelled++);
    return text('slow');
  });
  server.registerTool('ask', {}, ({ mcpReq }) => {
    const form = acceptedContent(mcpReq.inputResponses, 'name', z.object({ name: z.string() }));
    if (form !== undefined) return text(`hello ${form.name}`);
    const requestedSchema = {
      type: 'object' as const,
      properties: { name: { type: 'string' as const } },
      required: ['name'],
    };
    return inputRequired({
      inputRequests: { name: inputRequired.elicit({ message: 'your name?', requestedSchema }) },
    });
  });
  server.registerTool('grow', {}, () => {
    world.grown = true;
    world.notifier?.toolsChanged();
    return text('grown');
  });
  server.registerTool('touch', {}, () => {
    world.notifier?.resourceUpdated('test://motto');
    return text('touched');
  });
  if (world.grown) server.registerTool('grown', {}, () => text('grown'));
  server.registerResource('motto', 'test://motto', { mimeType: 'text/plain' }, ({ href }) => ({
    contents: [{ uri: href, text: 'the motto' }],
  }));
  server.registerPrompt('poem', { argsSchema: z.object({ about: z.string() }) }, ({ about }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `a poem about ${about}` } }],
  }));
  return server;
}
