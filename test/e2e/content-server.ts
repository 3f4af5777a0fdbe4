// A stdio server that answers with what lies in a folder: `look { topic }` gives the result in `<topic>.json`, and
// its description is in `description.txt`. Arguments: the folder, and a journal of the calls that reached it.
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const [folder = '', journal = ''] = process.argv.slice(2);
const server = new McpServer({ name: 'content', version: '1.0.0' });

server.registerTool(
  'look',
  {
    description: readFileSync(join(folder, 'description.txt'), 'utf8'),
    inputSchema: { topic: z.string(), note: z.string().optional() },
  },
  ({ topic }) => {
    appendFileSync(journal, `${topic}\n`);
    return JSON.parse(readFileSync(join(folder, `${topic}.json`), 'utf8'));
  },
);
await server.connect(new StdioServerTransport());
