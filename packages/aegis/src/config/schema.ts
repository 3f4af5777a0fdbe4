import { LOOP_WINDOW, MAX_RATES, MODES, RISKS } from '@aegis/core';
import { z } from 'zod';
import { agent, agentManifest } from './schema/agent.ts';
import { approvals } from './schema/approvals.ts';
import { hostName, tls } from './schema/daemon.ts';
import { guards } from './schema/guards.ts';
import { layer } from './schema/layer.ts';
import { ledger, store } from './schema/ledger.ts';
import { loops, rate, sequence } from './schema/limits.ts';
import { cedar, opa, rego } from './schema/modules.ts';
import { oauth } from './schema/oauth.ts';
import { oidc } from './schema/oidc.ts';
import { personEntry } from './schema/person.ts';
import { route } from './schema/route.ts';
import { server } from './schema/server.ts';
import { taint } from './schema/taint.ts';
import { LOG_LEVELS, alert, type destination, telemetry } from './schema/telemetry.ts';
import { count, name } from './schema/values.ts';
import { vault } from './schema/vault.ts';

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
        .optional()
        .describe('Ed25519 public keys, in base64, that may sign agent manifests'),
      sigstore: z
        .strictObject({
          root: z.string().min(1).describe('file of the trusted root, as Sigstore publishes it'),
          identities: z
            .array(
              z.strictObject({
                identity: z.string().min(1).max(2048).describe('subject of the certificate, exactly'),
                issuer: z.string().min(1).max(2048).describe('issuer of that identity, exactly'),
              }),
            )
            .max(256)
            .optional()
            .describe('who may sign agent manifests where `trust_mode` is `prod`'),
        })
        .optional()
        .describe('Sigstore bundles as signatures of agent manifests'),
    })
    .optional(),
  daemon: z
    .strictObject({
      addr: z.string().optional().describe('host:port of the HTTP door; default 127.0.0.1:8080'),
      lock_out: z
        .enum(['network', 'everywhere'])
        .optional()
        .describe(
          'who guesses credentials is locked out for a while: from the network (`network`, default), or on this machine too, whose programs share one address',
        ),
      mcp_addr: z.string().optional().describe('host:port on this machine of a second door, for MCP alone'),
      anonymous: name.optional().describe('agent name given to HTTP callers without a token; loopback only'),
      hosts: z
        .array(hostName)
        .max(64)
        .optional()
        .describe('names by which the HTTP door may be called, beside 127.0.0.1 and localhost'),
      tls: tls.optional().describe('HTTPS; any address beside 127.0.0.1 needs it'),
    })
    .optional(),
  stdio: z
    .strictObject({
      agent: name.optional().describe('agent name of `aegis mcp`; default `local`'),
      manifest: agentManifest,
    })
    .optional(),
  log: z
    .strictObject({
      level: z.enum(LOG_LEVELS).optional().describe('the least that is written; default `info`'),
      format: z.enum(['text', 'json']).optional().describe('default `text`'),
    })
    .optional()
    .describe('what `aegisd` writes on standard error'),
  store: store.optional().describe('where the ledger is kept'),
  ledger: ledger.optional().describe('how the ledger is sealed, and who is shown its checkpoints'),
  vault: vault.optional().describe('where credentials are kept that are named by `{ secret = "NAME" }`'),
  limits: z
    .strictObject({
      max_steps: count.optional(),
      max_tool_calls: count.optional(),
      max_wall_time_ms: count.optional(),
      max_model_calls: count
        .optional()
        .describe('calls of models that the agent reports; default: any number'),
      max_tokens: count.optional().describe('of these calls, input and output together; default: any number'),
      max_cost: z
        .number()
        .positive()
        .max(1_000_000_000)
        .optional()
        .describe('what these calls may cost, by the `prices`; default: anything'),
      max_identical_calls: z.int().min(1).max(LOOP_WINDOW).optional(),
      timeout_ms: z.int().min(1).max(3_600_000).optional(),
      max_output_bytes: z
        .int()
        .min(1)
        .max(64 * 1024 * 1024)
        .optional(),
    })
    .optional(),
  prices: z
    .array(
      z.strictObject({
        model: z.string().describe('glob on the name of the model; the first that fits counts'),
        input: z.number().min(0).max(1_000_000).describe('of a million tokens'),
        output: z.number().min(0).max(1_000_000).describe('of a million tokens'),
      }),
    )
    .max(256)
    .optional()
    .describe('what models cost, in the unit of `max_cost`'),
  rates: z.array(rate).max(MAX_RATES).optional().describe('how many calls there may be in a stretch of time'),
  loops: loops.optional().describe('what is a loop besides the same call again'),
  sequences: z.array(sequence).max(64).optional().describe('what must not come after what in a session'),
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
  approvals: approvals.optional().describe('how people are asked about calls that need approval'),
  taint: taint
    .optional()
    .describe('what untrusted data leads to that says what a call does; absent: only rules follow data'),
  servers: z.array(server).max(256).optional(),
  routes: z.array(route).max(256).optional().describe('which servers answer for which tool names'),
  agents: z.array(agent).max(10_000).optional(),
  oidc: oidc.optional().describe('where people sign in: an OpenID Connect provider'),
  oauth: oauth.optional().describe('whose access tokens agents may present'),
  people: z.array(personEntry).max(1_000).optional().describe('who may use the API beside agents'),
  policy: z.array(z.string()).optional().describe('policy files; their rules follow those of this file'),
  policies: z.array(z.unknown()).optional().describe('ordered rules, first match wins'),
  cedar: cedar.optional().describe('policies in Cedar, asked after Rego: they take away and never add'),
  opa: opa.optional().describe('policies in OPA, as a bundle or a service: they take away and never add'),
  layers: z
    .array(layer)
    .max(64)
    .optional()
    .describe(
      'further policies, each for some agents or tenants: of all that speak of a call the strictest counts',
    ),
  rego: rego.optional().describe('policies in Rego, asked after the rules: they take away and never add'),
  telemetry: telemetry.optional().describe('who follows the ledger: files, receivers, metrics'),
  alerts: z.array(alert).max(32).optional().describe('events that somebody is told of at once'),
});

export type ConfigurationFile = z.infer<typeof configurationSchema>;
export type AgentEntry = NonNullable<ConfigurationFile['agents']>[number];
export type DaemonEntry = NonNullable<ConfigurationFile['daemon']>;
export type OidcEntry = NonNullable<ConfigurationFile['oidc']>;
export type OAuthEntry = NonNullable<ConfigurationFile['oauth']>;
export type PersonEntry = NonNullable<ConfigurationFile['people']>[number];
export type ServerEntry = NonNullable<ConfigurationFile['servers']>[number];
export type VaultEntry = NonNullable<ConfigurationFile['vault']>;
export type StoreEntry = NonNullable<ConfigurationFile['store']>;
export type LedgerEntry = NonNullable<ConfigurationFile['ledger']>;
export type ApprovalsEntry = NonNullable<ConfigurationFile['approvals']>;
export type GuardsEntry = NonNullable<ConfigurationFile['guards']>;
export type CedarEntry = NonNullable<ConfigurationFile['cedar']>;
export type OpaEntry = NonNullable<ConfigurationFile['opa']>;
export type TaintEntry = NonNullable<ConfigurationFile['taint']>;
export type RateEntry = NonNullable<ConfigurationFile['rates']>[number];
export type LoopsEntry = NonNullable<ConfigurationFile['loops']>;
export type SequenceEntry = NonNullable<ConfigurationFile['sequences']>[number];
export type RegoEntry = NonNullable<ConfigurationFile['rego']>;
export type RouteEntry = NonNullable<ConfigurationFile['routes']>[number];
export type TelemetryEntry = NonNullable<ConfigurationFile['telemetry']>;
export type AlertEntry = NonNullable<ConfigurationFile['alerts']>[number];
export type DestinationEntry = Pick<AlertEntry, keyof typeof destination>;
