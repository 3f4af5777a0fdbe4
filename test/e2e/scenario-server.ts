// A stdio server with the tools that the scenarios of an agent under attack speak of. It only says that it was asked.
import { appendFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const [journal = ''] = process.argv.slice(2);
const server = new McpServer({ name: 'scenario', version: '1.0.0' });
const done = (what: string) => {
  appendFileSync(journal, `${what}\n`);
  return { content: [{ type: 'text' as const, text: 'done' }] };
};

server.registerTool('read_file', { inputSchema: { path: z.string() } }, ({ path }) => done(path));
server.registerTool('post', { inputSchema: { url: z.string(), body: z.string().optional() } }, ({ url }) =>
  done(url),
);
server.registerTool('run', { inputSchema: { command: z.string() } }, ({ command }) => done(command));
await server.connect(new StdioServerTransport());
