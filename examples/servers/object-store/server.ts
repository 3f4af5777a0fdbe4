import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import * as z from 'zod';
import { answer } from '../answer.ts';
import type { ObjectStore } from './store.ts';
import { problemsOf } from './validate.ts';

const inputSchema = { key: z.string() };
const stat = { key: z.string(), size: z.number().int(), sha256: z.string() };

/** An object store with bronze, silver and gold zones. `promote` asks nobody whether the data is fit. */
export function createObjectStoreServer(store: ObjectStore): McpServer {
  const server = new McpServer({ name: 'example-object-store', version: '1.0.0' });

  server.registerTool(
    'list_objects',
    {
      description: 'List the keys, or those that start with a prefix.',
      inputSchema: { prefix: z.string().optional() },
      outputSchema: { keys: z.array(z.string()) },
      annotations: { readOnlyHint: true },
    },
    ({ prefix }) => answer({ keys: store.list(prefix) }),
  );

  server.registerTool(
    'get_object',
    {
      description: 'Read an object as text.',
      inputSchema,
      outputSchema: { key: z.string(), text: z.string() },
      annotations: { readOnlyHint: true },
    },
    ({ key }) => answer({ key, text: store.get(key) }),
  );

  server.registerTool(
    'put_object',
    {
      description: 'Write an object, replacing the one that is there.',
      inputSchema: { key: z.string(), text: z.string() },
      outputSchema: stat,
      annotations: { destructiveHint: true, idempotentHint: true },
    },
    ({ key, text }) => answer({ ...store.put(key, text) }),
  );

  server.registerTool(
    'stat_object',
    {
      description: 'Size and SHA-256 of an object.',
      inputSchema,
      outputSchema: stat,
      annotations: { readOnlyHint: true },
    },
    ({ key }) => answer({ ...store.stat(key) }),
  );

  server.registerTool(
    'validate_object',
    {
      description: 'Check a CSV dataset: header, ids, empty records, personal data.',
      inputSchema,
      outputSchema: { key: z.string(), valid: z.boolean(), problems: z.array(z.string()) },
      annotations: { readOnlyHint: true },
    },
    ({ key }) => {
      const problems = problemsOf(store.get(key));
      return answer({ key, valid: problems.length === 0, problems });
    },
  );

  server.registerTool(
    'promote',
    {
      description: 'Copy `silver/<name>` to `gold/<name>`.',
      inputSchema,
      outputSchema: stat,
      annotations: { destructiveHint: true, idempotentHint: true },
    },
    ({ key }) => answer({ ...store.promote(key) }),
  );

  return server;
}
