import { LOOP_WINDOW, MODES, RISKS } from '@aegis/core';
import { z } from 'zod';

/** Where a credential is kept; its value never stands in the configuration. */
const secret = z.union(
  [z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })],
  {
    error: 'a credential is `{ env = "NAME" }` or `{ file = "path" }`',
  },
);

const value = z.union([z.string(), secret], {
  error: 'a value is a text, `{ env = "NAME" }` or `{ file = "path" }`',
});

const name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/i, 'use letters, digits, `-` and `_`, at most 63');
const count = z.int().min(1).max(1_000_000_000);

const server = z.strictObject({
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
  manifest: z.string().optional().describe('file that declares what the tools can do'),
});

const agent = z.strictObject({
  name: name.describe('how policies and logs call the agent'),
  tenant: name.optional().describe('default: `default`'),
  token: secret.describe('the bearer token it presents over HTTP'),
});

/** The configuration file, in its wire names. Every key has an effect; there are no others. */
export const configurationSchema = z.strictObject({
  $schema: z.string().optional(),
  mode: z.enum(MODES).optional().describe('`shadow` records decisions and lets every call go on'),
  daemon: z
    .strictObject({
      addr: z.string().optional().describe('host:port of the HTTP door; default 127.0.0.1:8080'),
      anonymous: name.optional().describe('agent name given to HTTP callers without a token; loopback only'),
    })
    .optional(),
  stdio: z
    .strictObject({ agent: name.optional().describe('agent name of `aegis mcp`; default `local`') })
    .optional(),
  store: z.strictObject({ dsn: z.string().optional().describe('default file:.aegis/aegis.db') }).optional(),
  limits: z
    .strictObject({
      max_steps: count.optional(),
      max_tool_calls: count.optional(),
      max_wall_time_ms: count.optional(),
      max_identical_calls: z.int().min(1).max(LOOP_WINDOW).optional(),
      timeout_ms: z.int().min(1).max(3_600_000).optional(),
      max_output_bytes: z
        .int()
        .min(1)
        .max(64 * 1024 * 1024)
        .optional(),
    })
    .optional(),
  risk: z
    .partialRecord(z.enum(RISKS), z.enum(['allow', 'require_approval', 'deny']))
    .optional()
    .describe('what a risk level means when a rule allows'),
  servers: z.array(server).max(256).optional(),
  agents: z.array(agent).max(10_000).optional(),
  policy: z.array(z.string()).optional().describe('policy files; their rules follow those of this file'),
  policies: z.array(z.unknown()).optional().describe('ordered rules, first match wins'),
});

export type ConfigurationFile = z.infer<typeof configurationSchema>;
export type ServerEntry = NonNullable<ConfigurationFile['servers']>[number];
