import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import * as z from 'zod';
import { answer } from '../answer.ts';
import type { Database } from './database.ts';

const row = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));
const rows = { columns: z.array(z.string()), rows: z.array(row), truncated: z.boolean() };
const table = z.object({ name: z.string(), columns: z.array(z.string()), rows: z.number().int() });

/** The ordinary, careless database server: `execute` runs really what it is given. */
export function createDatabaseServer(database: Database): McpServer {
  const server = new McpServer({ name: 'example-database', version: '1.0.0' });

  server.registerTool(
    'list_tables',
    {
      description: 'List the tables with their columns and row counts.',
      outputSchema: { tables: z.array(table) },
      annotations: { readOnlyHint: true },
    },
    () => answer({ tables: database.tables() }),
  );

  server.registerTool(
    'query',
    {
      description: 'Read rows with one SQL statement.',
      inputSchema: { sql: z.string() },
      outputSchema: rows,
      annotations: { readOnlyHint: true },
    },
    ({ sql }) => answer({ ...database.query(sql) }),
  );

  server.registerTool(
    'execute',
    {
      description: 'Run SQL statements of any kind and count the changed rows.',
      inputSchema: { sql: z.string() },
      outputSchema: { changes: z.number().int() },
      annotations: { destructiveHint: true },
    },
    ({ sql }) => answer({ ...database.execute(sql) }),
  );

  server.registerTool(
    'export_table',
    {
      description: 'Export a whole table, or some of its columns.',
      inputSchema: { table: z.string(), columns: z.array(z.string()).min(1).optional() },
      outputSchema: rows,
      annotations: { readOnlyHint: true },
    },
    ({ table: name, columns }) => answer({ ...database.exportTable(name, columns) }),
  );

  return server;
}
