import { argv, env, exit, stderr } from 'node:process';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { isAdmitted } from './credential.ts';
import { openDatabase } from './database.ts';
import { createDatabaseServer } from './server.ts';

const [file] = argv.slice(2);
if (file === undefined) {
  stderr.write('usage: DATABASE_TOKEN=... node main.ts <file.db>\n');
  exit(2);
}
if (!isAdmitted(file, env.DATABASE_TOKEN)) {
  stderr.write('access denied: `DATABASE_TOKEN` is missing or is not the token of this database\n');
  exit(4);
}

const database = openDatabase(file);
const server = createDatabaseServer(database);
server.server.onclose = () => database.close();
await server.connect(new StdioServerTransport());
