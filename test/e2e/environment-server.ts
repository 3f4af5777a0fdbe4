// A server that tells what it was given.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

const server = new McpServer({ name: 'environment', version: '1.0.0' });
server.registerTool('environment', {}, () => {
  const given = {
    ...process.env,
    args: process.argv.slice(2),
    cwd: process.cwd(),
    has_token: process.env['API_TOKEN'] === 'hunter2hunter2',
    asked: process.env['ASKED']?.length,
  };
  return { content: [{ type: 'text', text: JSON.stringify(given) }] };
});
await server.connect(new StdioServerTransport());
