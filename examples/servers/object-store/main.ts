import { argv, exit, stderr } from 'node:process';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createObjectStoreServer } from './server.ts';
import { openObjectStore } from './store.ts';

const [folder] = argv.slice(2);
if (folder === undefined) {
  stderr.write('usage: node main.ts <folder>\n');
  exit(2);
}
await createObjectStoreServer(openObjectStore(folder)).connect(new StdioServerTransport());
