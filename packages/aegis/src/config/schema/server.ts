import { z } from 'zod';
import { lifetime, name, value } from './values.ts';

export const server = z.strictObject({
  name: name.describe('how policies and logs call the server'),
  command: z.array(z.string().min(1)).min(1).optional().describe('program and arguments of a stdio server'),
  cwd: z
    .string()
    .optional()
    .describe('working directory of a stdio server; default: the configuration folder'),
  env: z
    .record(z.string(), value)
    .optional()
    .describe('the whole environment of a stdio server, but for PATH'),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('endpoint of a Streamable HTTP server'),
  headers: z
    .record(z.string(), value)
    .optional()
    .describe('headers sent to an HTTP server, credentials included'),
  max_concurrency: z
    .int()
    .min(1)
    .max(1024)
    .optional()
    .describe('requests in flight to an HTTP server; default 32'),
  era: z
    .enum(['auto', 'legacy', 'modern'])
    .optional()
    .describe('MCP with sessions (`legacy`) or the stateless 2026-07-28 (`modern`); default: found out'),
  isolation: z
    .enum(['shared', 'session'])
    .optional()
    .describe('`session` gives every client session a process or session of the server for itself'),
  idle_ms: lifetime
    .optional()
    .describe('a stdio server unused so long is ended until the next call; default: never, isolated 10 min'),
  max_lifetime_ms: lifetime
    .optional()
    .describe('a stdio server this old is replaced, after the calls under way; default: never'),
  manifest: z.string().optional().describe('file that declares what the tools can do'),
});
