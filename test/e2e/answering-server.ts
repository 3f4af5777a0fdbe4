// A server whose every tool answers with the server's name: over stdio when it is run, or served over HTTP.
import { appendFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

/** `journal` gets a line for everything that was really run. */
function answering(name: string, tools: readonly string[], journal: string): McpServer {
  const server = new McpServer({ name, version: '1.0.0' });
  const inputSchema = {
    fails: z.string().optional(),
    hangs: z.string().optional(),
    topic: z.string().optional(),
  };
  for (const tool of tools) {
    const description = `${tool} of ${name}`;
    server.registerTool(
      tool,
      { description, inputSchema, outputSchema: { by: z.string() } },
      async (args) => {
        appendFileSync(journal, `${name} ${tool}\n`);
        if (args.hangs === name) await new Promise(() => {});
        if (args.fails === name)
          return { content: [{ type: 'text', text: `${name} failed` }], isError: true };
        return { content: [{ type: 'text', text: description }], structuredContent: { by: name } };
      },
    );
  }
  return server;
}

/** The same over Streamable HTTP, at `/mcp` and nowhere else. */
export async function serveAnswering(
  name: string,
  tools: readonly string[],
  options: { readonly journal: string; readonly host: string; readonly port: number },
): Promise<Server> {
  const server = createServer(async (request, response) => {
    if (request.url !== '/mcp') {
      response.writeHead(404).end();
      return;
    }
    // Without a session: a transport answers one request.
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    await answering(name, tools, options.journal).connect(transport as Parameters<McpServer['connect']>[0]);
    await transport.handleRequest(request, response);
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(options.port, options.host, done);
  });
  return server;
}

if (process.argv[1] === import.meta.filename) {
  const [name = '', tools = '', journal = ''] = process.argv.slice(2);
  await answering(name, tools.split(','), journal).connect(new StdioServerTransport());
}
