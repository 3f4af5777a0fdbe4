// A server built with the official library: what most upstreams are.
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

export function createLibraryServer(name: string): McpServer {
  const server = new McpServer({ name, version: '1.0.0' });
  server.registerTool(
    'greet',
    { description: 'greets', inputSchema: { who: z.string() }, outputSchema: { greeting: z.string() } },
    ({ who }) => {
      const greeting = `${name} greets ${who}`;
      return { content: [{ type: 'text', text: greeting }], structuredContent: { greeting } };
    },
  );
  server.registerTool('headers', {}, ({ requestInfo }) => ({
    content: [{ type: 'text', text: JSON.stringify(requestInfo?.headers ?? {}) }],
  }));
  server.registerTool('forbidden', {}, () => ({ content: [{ type: 'text', text: 'it ran' }] }));
  server.registerTool('hidden', {}, () => ({ content: [{ type: 'text', text: 'it ran' }] }));
  server.registerTool('slow', {}, async ({ signal }) => {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 10_000);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    return { content: [] };
  });
  server.registerTool('steps', {}, async ({ _meta, sendNotification }) => {
    const progressToken = _meta?.progressToken;
    for (const progress of [1, 2, 3]) {
      if (progressToken === undefined) break;
      await sendNotification({
        method: 'notifications/progress',
        params: { progressToken, progress, total: 3 },
      });
    }
    return { content: [{ type: 'text', text: String(progressToken) }] };
  });
  server.registerTool('grow', {}, () => {
    server.registerTool('grown', {}, () => ({ content: [] }));
    return { content: [] };
  });
  server.registerTool('ask', {}, async () => {
    const answer = await server.server.createMessage({ messages: [], maxTokens: 1 }).then(
      () => 'sampled',
      () => 'refused',
    );
    return { content: [{ type: 'text', text: answer }] };
  });
  server.registerResource('motto', 'test://motto', { mimeType: 'text/plain' }, ({ href }) => ({
    contents: [{ uri: href, text: `the motto of ${name}` }],
  }));
  server.registerResource('secret', 'test://secret', {}, ({ href }) => ({
    contents: [{ uri: href, text: 'secret' }],
  }));
  server.registerResource(
    'note',
    new ResourceTemplate('test://notes/{id}', { list: undefined }),
    {},
    ({ href }, { id }) => ({ contents: [{ uri: href, text: `note ${String(id)}` }] }),
  );
  server.registerPrompt('poem', { argsSchema: { about: z.string() } }, ({ about }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `a poem about ${about}` } }],
  }));
  server.registerPrompt('secret-prompt', {}, () => ({ messages: [] }));
  return server;
}
