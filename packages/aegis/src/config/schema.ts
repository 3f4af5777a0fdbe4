import { CALL_ANSWERS, GUARDED_BANDS, LOOP_WINDOW, MODES, RISKS } from '@aegis/core';
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
/** Milliseconds, from a second to a week. */
const lifetime = z.int().min(1_000).max(604_800_000);

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

const upstream = z.string().min(1).max(2048);

const route = z.strictObject({
  prefix: z.string().min(1).max(256).optional().describe('tool names that start so, with `*` at the end'),
  tool: z.string().min(1).max(256).optional().describe('the one tool of this name'),
  upstream: z
    .union([upstream, z.array(upstream).min(1).max(16)], {
      error: 'an upstream is the name or the URL of a server, or a list of at most 16',
    })
    .describe('who answers: the name or the URL of a server, or a list of them'),
  order: z
    .enum(['all', 'first-success'])
    .optional()
    .describe('of several upstreams: all at the same time (default), or in order until one succeeds'),
  failure: z
    .enum(['partial', 'strict'])
    .optional()
    .describe('of `order = "all"`: an error when no upstream succeeded (default), or when one failed'),
});

const agentManifest = z
  .string()
  .min(1)
  .optional()
  .describe('agent manifest: what it does not grant, no policy can allow');

const agent = z.strictObject({
  name: name.describe('how policies and logs call the agent'),
  tenant: name.optional().describe('default: `default`'),
  token: secret.describe('the bearer token it presents over HTTP'),
  manifest: agentManifest,
});

const store = z.strictObject({
  dsn: z
    .string()
    .optional()
    .describe('`file:path` or `postgres://user@host:port/database`; default file:.aegis/aegis.db'),
  password: secret.optional().describe('the password for a `postgres://` store'),
  owner: z
    .strictObject({
      dsn: z.string().describe('`postgres://owner@host:port/database`, the same database'),
      password: secret.optional().describe('the password of that role'),
    })
    .optional()
    .describe('the role that makes the tables; the role of `dsn` may then read and append, and nothing else'),
  durability: z
    .enum(['full', 'group', 'relaxed'])
    .optional()
    .describe(
      'when an event counts as kept: `full` flushes each alone, `group` (default) all that wait together, `relaxed` leaves it to the system',
    ),
});

const ledger = z.strictObject({
  seal_interval_ms: z
    .int()
    .min(100)
    .max(3_600_000)
    .optional()
    .describe('how long an event waits, at most, until it is under a signed checkpoint; default 1000'),
  witnesses: z
    .array(
      z.strictObject({
        url: z.url({ protocol: /^https?$/ }).describe('where it takes checkpoints (C2SP tlog-witness)'),
        key: z.string().describe('its public key, as it shows it: `name+1a2b3c4d+B...`'),
      }),
    )
    .max(16)
    .optional()
    .describe('who is asked to cosign every checkpoint of this installation'),
  quorum: z
    .int()
    .min(1)
    .max(16)
    .optional()
    .describe('how many of the witnesses make a checkpoint count as witnessed; default: all of them'),
  anchor: z
    .string()
    .min(1)
    .max(2048)
    .optional()
    .describe('a file that every checkpoint is appended to, or an https address that it is posted to'),
});

/** `record`, or what each band of the threat score leads to. */
function byBand<const Answers extends readonly [string, ...string[]]>(answers: Answers, example: string) {
  return z.union([z.literal('record'), z.partialRecord(z.enum(GUARDED_BANDS), z.enum(answers))], {
    error: `write \`record\`, or what bands lead to: \`${example}\``,
  });
}

const guards = z.strictObject({
  requests: byBand(CALL_ANSWERS, '{ high = "require_approval", critical = "deny" }')
    .optional()
    .describe('calls are scored; by band, from it on: `require_approval` or `deny`. `record`: neither'),
  results: byBand(['withhold'], '{ high = "withhold" }')
    .optional()
    .describe(
      'results are scanned and scored; by band, from it on: `withhold`. `record`: released all the same',
    ),
  secrets: z
    .enum(CALL_ANSWERS)
    .optional()
    .describe('a call with a credential among its arguments, told by its form alone; default: nothing'),
  definitions: z
    .enum(['quarantine', 'off'])
    .optional()
    .describe('a new tool whose definition acts on the model: `quarantine` (default) waits for a person'),
});

const rego = z.strictObject({
  files: z.array(z.string().min(1)).min(1).max(256).describe('Rego files, which are compiled together'),
  entrypoint: z
    .string()
    .regex(/^data(\.[A-Za-z_][A-Za-z0-9_]*)+$/, 'an entrypoint is a rule, like `data.aegis.decision`')
    .describe('the rule that is asked'),
  data: z
    .string()
    .min(1)
    .optional()
    .describe('a JSON, YAML or TOML file of what the policies find below `data`'),
});

/** The configuration file, in its wire names. Every key has an effect; there are no others. */
export const configurationSchema = z.strictObject({
  $schema: z.string().optional(),
  mode: z.enum(MODES).optional().describe('`shadow` records decisions and lets every call go on'),
  trust_mode: z
    .enum(['dev', 'prod'])
    .optional()
    .describe('`prod`: an agent needs a manifest that is signed by a key of `trust`; default `dev`'),
  trust: z
    .strictObject({
      keys: z
        .array(z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'a key is 32 bytes in base64'))
        .max(256)
        .describe('Ed25519 public keys, in base64, that may sign agent manifests'),
    })
    .optional(),
  daemon: z
    .strictObject({
      addr: z.string().optional().describe('host:port of the HTTP door; default 127.0.0.1:8080'),
      anonymous: name.optional().describe('agent name given to HTTP callers without a token; loopback only'),
    })
    .optional(),
  stdio: z
    .strictObject({
      agent: name.optional().describe('agent name of `aegis mcp`; default `local`'),
      manifest: agentManifest,
    })
    .optional(),
  store: store.optional().describe('where the ledger is kept'),
  ledger: ledger.optional().describe('how the ledger is sealed, and who is shown its checkpoints'),
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
  tools: z
    .strictObject({
      first_sight: z
        .enum(['pin', 'quarantine'])
        .optional()
        .describe(
          'a tool seen for the first time: `pin` trusts it (default), `quarantine` waits for `aegis tools accept`',
        ),
    })
    .optional()
    .describe('definitions of tools and prompts, which are pinned'),
  risk: z
    .partialRecord(z.enum(RISKS), z.enum(['allow', 'require_approval', 'deny']))
    .optional()
    .describe('what a risk level means when a rule allows'),
  guards: guards.optional().describe('what content leads to by itself, whatever the rules say'),
  servers: z.array(server).max(256).optional(),
  routes: z.array(route).max(256).optional().describe('which servers answer for which tool names'),
  agents: z.array(agent).max(10_000).optional(),
  policy: z.array(z.string()).optional().describe('policy files; their rules follow those of this file'),
  policies: z.array(z.unknown()).optional().describe('ordered rules, first match wins'),
  rego: rego.optional().describe('policies in Rego, asked after the rules: they take away and never add'),
});

export type ConfigurationFile = z.infer<typeof configurationSchema>;
export type AgentEntry = NonNullable<ConfigurationFile['agents']>[number];
export type ServerEntry = NonNullable<ConfigurationFile['servers']>[number];
export type StoreEntry = NonNullable<ConfigurationFile['store']>;
export type LedgerEntry = NonNullable<ConfigurationFile['ledger']>;
export type GuardsEntry = NonNullable<ConfigurationFile['guards']>;
export type RegoEntry = NonNullable<ConfigurationFile['rego']>;
export type RouteEntry = NonNullable<ConfigurationFile['routes']>[number];
