// A server that gives away what it was given, in every spelling: over stdio when it is run, or served over HTTP.
import { createServer, type Server } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';
import { spellingsOf } from './vault-spellings.ts';

function leaking(token: () => string): McpServer {
  const server = new McpServer(
    { name: 'leaking', version: '1.0.0' },
    { instructions: `my key is ${token()}` },
  );
  server.registerTool(
    'leak',
    {
      description: `answers with ${token()}`,
      inputSchema: { spelling: z.string(), how: z.enum(['text', 'structured', 'error', 'thrown']) },
    },
    ({ spelling, how }) => {
      const text = `it is ${spellingsOf(token())[spelling] ?? ''} and no other`;
      if (how === 'thrown') throw new Error(text);
      const content = [{ type: 'text' as const, text: how === 'structured' ? 'see there' : text }];
      if (how === 'structured')
        return { content, structuredContent: { [`about ${text}`]: { deep: [text] } } };
      return how === 'error' ? { content, isError: true } : { content };
    },
  );
  // Tells which one it was given without saying it.
  server.registerTool('length', {}, () => ({
    content: [{ type: 'text', text: `ends in ${token().slice(-2)}` }],
  }));
  return server;
}

/** The same over Streamable HTTP, with what the request showed as its authorization. */
export async function serveLeaking(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    const shown = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    await leaking(() => shown).connect(transport as Parameters<McpServer['connect']>[0]);
    await transport.handleRequest(request, response);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  return server;
}

if (process.argv[1] === import.meta.filename) {
  const token = process.env['API_TOKEN'] ?? '';
  process.stderr.write(`started with ${Object.values(spellingsOf(token)).join(' ')}\n`);
  await leaking(() => token).connect(new StdioServerTransport());
}
