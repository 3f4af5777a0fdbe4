import {
  CALL_ANSWERS,
  CAPABILITIES,
  EVENT_TYPES,
  EXPORT_FORMATS,
  GUARDED_BANDS,
  LABEL,
  LOOP_ACTIONS,
  LOOP_WINDOW,
  MAX_LABELS,
  MAX_QUORUM,
  MAX_RATE_WINDOW_MS,
  MAX_RATES,
  MAX_ROUNDS,
  MODES,
  PATTERN_ACTIONS,
  PERSONAL_ANSWERS,
  PII_KINDS,
  RATE_KEYS,
  RISKS,
  ROLES,
} from '@aegis/core';
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
/** From the least to the most urgent. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

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

const certificate = z.union(
  [
    z.strictObject({
      sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 digest has 64 hex digits in lower case'),
    }),
    z.strictObject({ uri: z.string().min(1).max(2048) }),
    z.strictObject({ dns: z.string().min(1).max(253) }),
  ],
  {
    error:
      'a certificate is `{ sha256 = "64 hex digits" }`, `{ uri = "spiffe://..." }` or `{ dns = "name" }`',
  },
);

const tls = z.strictObject({
  cert: z.string().min(1).describe('PEM file with the certificate and what leads to its root'),
  key: secret.describe('the private key, in PEM'),
  client_ca: z
    .string()
    .min(1)
    .optional()
    .describe('PEM file with the roots of the certificates that agents present'),
});

const hostName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i, 'a host is a name without scheme and port');

const agent = z.strictObject({
  name: name.describe('how policies and logs call the agent'),
  tenant: name.optional().describe('default: `default`'),
  token: secret.optional().describe('the bearer token it presents over HTTP'),
  subject: z
    .string()
    .min(1)
    .max(512)
    .optional()
    .describe('who it is in the access tokens of `oauth`, in place of a token'),
  certificate: certificate.optional().describe('the client certificate it presents; with a token: both'),
  manifest: agentManifest,
});

const person = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$/, 'use letters, digits, `.`, `_`, `@` and `-`, at most 63');

const personEntry = z.strictObject({
  name: person.describe('how the ledger calls the person'),
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length).describe('what the person may do'),
  tenant: name.optional().describe('the one tenant that the person sees; default: all of them'),
  token: secret.optional().describe('the bearer token that the person shows to the API'),
  token_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'a SHA-256 digest has 64 hex digits in lower case')
    .optional()
    .describe('in place of `token`: its digest, as `aegis people add` writes it'),
});

/** What access tokens may be signed with: no shared secrets, and never nothing (RFC 8725, section 3.1). */
export const OAUTH_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'] as const;

const oauth = z.strictObject({
  issuer: z.url({ protocol: /^https?$/ }).describe('who issues the access tokens, exactly as in their `iss`'),
  audience: z
    .url({ protocol: /^https?$/ })
    .describe('what the tokens must be for: the address of this gateway (RFC 8707)'),
  jwks: z.string().min(1).max(2048).describe('where the keys of the issuer are: an address, or a file'),
  claim: z
    .string()
    .regex(/^[A-Za-z0-9_:/.-]{1,128}$/, 'a claim is the name of a member of the token')
    .optional()
    .describe('the claim that says who the agent is; default `sub`'),
  scopes: z
    .array(z.string().regex(/^[!#-[\]-~]{1,128}$/, 'a scope has no spaces, quotes and backslashes'))
    .max(32)
    .optional()
    .describe('what every token must allow; default: nothing more'),
  typ: z
    .enum(['at+jwt', 'JWT'])
    .optional()
    .describe('the type that tokens say they have; default `at+jwt` (RFC 9068)'),
  algorithms: z
    .array(z.enum(OAUTH_ALGORITHMS))
    .min(1)
    .max(OAUTH_ALGORITHMS.length)
    .optional()
    .describe('what tokens may be signed with; default: all of these'),
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

const personal = z.strictObject({
  kinds: z
    .array(z.enum(PII_KINDS))
    .min(1)
    .max(PII_KINDS.length)
    .optional()
    .describe('default: card, iban, ssn, national_id'),
  requests: z
    .enum(CALL_ANSWERS)
    .optional()
    .describe('a call with such data among its arguments: `require_approval` or `deny`'),
  results: z
    .enum(PERSONAL_ANSWERS)
    .optional()
    .describe('such data in a result: `mask` or `redact` takes it out, `withhold` keeps the result back'),
});

const personalPattern = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,62}$/, 'a name has lower case letters, digits, `_` and `-`')
    .describe('of the finding (`pii.<name>`) and of the mask'),
  pattern: z.string().min(1).max(1024).describe('RE2, which takes time linear in the text'),
  action: z
    .enum(PATTERN_ACTIONS)
    .describe('`mask` or `redact` what matches in results, or `block` the call or the result that holds it'),
});

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
  pii: z
    .union([z.enum(CALL_ANSWERS), personal])
    .optional()
    .describe('personal data in calls and results; a word alone is about calls; default: nothing'),
  patterns: z
    .array(personalPattern)
    .max(64)
    .optional()
    .describe('personal data of forms of your own, and what becomes of it'),
  definitions: z
    .enum(['quarantine', 'off'])
    .optional()
    .describe('a new tool whose definition acts on the model: `quarantine` (default) waits for a person'),
});

const webhookUrl = z.union([z.url({ protocol: /^https?$/ }), secret], {
  error: 'an address is a text, or `{ env = "NAME" }` or `{ file = "path" }` where it is a secret',
});

const approvals = z.strictObject({
  wait_ms: z
    .int()
    .min(0)
    .max(600_000)
    .optional()
    .describe('how long a held call waits before it is told that a person is asked; default 30000'),
  expires_ms: z
    .int()
    .min(1_000)
    .max(86_400_000)
    .optional()
    .describe('how long a person has to answer, and the call to run on it; default 900000'),
  quorum: z
    .int()
    .min(1)
    .max(MAX_QUORUM)
    .optional()
    .describe('how many people have to agree, whatever a rule says; default 1'),
  elicitation: z
    .enum(['url', 'form', 'off'])
    .optional()
    .describe(
      'what MCP clients are asked to show: a page (`url`, default), or a form whose answer counts as a word of their user (`form`)',
    ),
  approvers: z
    .array(
      z.strictObject({
        name: person.describe('how rules and the ledger call the person'),
        account: z
          .string()
          .min(1)
          .max(128)
          .optional()
          .describe('account of the operating system; default: the name'),
        roles: z.array(person).max(32).optional().describe('what rules can ask for'),
        key: secret.optional().describe('what the person types on the page to say who it is'),
      }),
    )
    .max(1_000)
    .optional()
    .describe(
      'who may approve; without any, whoever has an account here and can read the keys of the ledger',
    ),
  channels: z
    .array(
      z.strictObject({
        kind: z.enum(['webhook', 'slack']),
        url: webhookUrl.describe('where each question is posted'),
        secret: secret.optional().describe('the key that a webhook is signed with'),
        person: person.optional().describe('whose it is: the link in it decides in the name of this person'),
      }),
    )
    .max(16)
    .optional()
    .describe('who is told of each question'),
});

const label = z.string().regex(LABEL, 'a label is a letter from a to z, then at most 63 of a-z 0-9 . _ -');

const sanitizer = z.strictObject({
  name: name.describe('how records call it'),
  server: name,
  tool: z.string().min(1).max(256),
  argument: z.string().min(1).max(256).describe('path of the argument: `amount`, `options.amount`'),
  number: z
    .strictObject({ min: z.number(), max: z.number() })
    .optional()
    .describe('a number from `min` to `max`, or a text that is one'),
  one_of: z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .max(10_000)
    .optional()
    .describe('one of these values'),
});

const taint = z.strictObject({
  sinks: z
    .partialRecord(z.enum(CAPABILITIES), z.enum(['allow', ...CALL_ANSWERS]))
    .optional()
    .describe('by capability; one that is not named asks, `exec` denies, and what only reads is none'),
  untrusted: z
    .array(label)
    .min(1)
    .max(MAX_LABELS)
    .optional()
    .describe('labels that count; default `tool`, `document`, `memory`, `external`'),
  user_text: z
    .boolean()
    .optional()
    .describe(
      'believe clients in what they say that the user said (`_meta`, `aegis/user-text`); default false',
    ),
  sanitizers: z
    .array(sanitizer)
    .max(256)
    .optional()
    .describe('arguments that are harmless whoever wrote them, when they are what is said here'),
});

const rate = z.strictObject({
  name: name.describe('stands in denials and in the ledger'),
  per: z
    .array(z.enum(RATE_KEYS))
    .max(RATE_KEYS.length)
    .optional()
    .describe('what is counted for itself; several: each combination. Default: all calls together'),
  limit: z.int().min(1).max(1_000_000).describe('most calls that are allowed in any window'),
  window_ms: z.int().min(100).max(MAX_RATE_WINDOW_MS).describe('length of the window; at most a day'),
  burst: z.int().min(1).max(1_000_000).optional().describe('most of them within one second'),
  match: z.string().optional().describe('glob on the MCP method; default `tools/call`'),
  tools: z
    .array(z.string())
    .min(1)
    .max(256)
    .optional()
    .describe('globs on the name of the tool, alone or as `server.tool`; default: every tool'),
  action: z.enum(CALL_ANSWERS).optional().describe('what becomes of a call beyond it; default `deny`'),
});

/** When something is a loop. */
function threshold(most: number, description: string) {
  return z
    .strictObject({
      times: z.int().min(1).max(most).describe('how often it may be; the next time it is a loop'),
      action: z.enum(LOOP_ACTIONS).optional().describe('default `deny`'),
      delay_ms: z
        .int()
        .min(1)
        .max(3_600_000)
        .optional()
        .describe('of `slow_down`: how long after the newest action the next call may come'),
    })
    .optional()
    .describe(description);
}

const loops = z.strictObject({
  identical: threshold(LOOP_WINDOW, 'the same call among the last 64; in place of `max_identical_calls`'),
  sequence: threshold(MAX_ROUNDS, 'the same 2 to 8 calls, one round after the other'),
  same_answer: threshold(LOOP_WINDOW, 'a tool that only reads says the same, one time after the other'),
  errors: threshold(LOOP_WINDOW, 'a tool fails, one time after the other'),
});

const oneOrMore = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).min(1).max(64)]);

const step = {
  capability: oneOrMore(z.enum(CAPABILITIES)).optional().describe('one of these is among what it can do'),
  tool: oneOrMore(z.string()).optional().describe('globs on the name of the tool, prompt or resource'),
  server: oneOrMore(z.string()).optional().describe('globs on the name of the server'),
};

const sequence = z.strictObject({
  name: name.describe('stands in decisions as the rule'),
  first: z.strictObject({
    ...step,
    label: oneOrMore(label).optional().describe('one of these is what its result is called'),
  }),
  next: z.strictObject(step),
  within_ms: z.int().min(1).optional().describe('default: as long as the session lasts'),
  within_steps: z.int().min(1).optional().describe('within so many actions; default: any number'),
  action: z.enum(CALL_ANSWERS).optional().describe('default `deny`'),
  invariant: z.boolean().optional().describe('in force in shadow, too'),
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

const cedar = z.strictObject({
  policies: z.array(z.string().min(1)).min(1).max(256).describe('Cedar files, which are one set of policies'),
  entities: z
    .string()
    .min(1)
    .optional()
    .describe('a JSON, YAML or TOML file of entities beside those of the call'),
  schema: z
    .string()
    .min(1)
    .optional()
    .describe('a Cedar schema: policies are checked when they are loaded, calls when they are judged'),
});

const opa = z.strictObject({
  bundle: z.string().min(1).optional().describe('`policy.wasm`, as `opa build -t wasm` makes it'),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('an OPA that runs elsewhere; https, or on this machine'),
  entrypoint: z
    .string()
    .regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, 'an entrypoint is a path like `aegis/decision`')
    .describe('the document that is asked for'),
  data: z.string().min(1).optional().describe('a file of what the policies of a bundle find below `data`'),
  deadline_ms: z
    .int()
    .min(1)
    .max(60_000)
    .optional()
    .describe('without an answer in this time a call is denied; default 1000'),
  memory_mb: z.int().min(2).max(1024).optional().describe('most memory of a bundle; default 64'),
  input: z
    .array(z.string().min(1).max(256))
    .min(1)
    .max(64)
    .optional()
    .describe('the parts of the input that are shown, like `request.tool`; default: all of it'),
});

const globs = z.array(z.string().min(1).max(256)).min(1).max(256);

const layer = z.strictObject({
  name: name.describe('stands before the names of its rules: `payments/no-refunds`'),
  policy: z.array(z.string().min(1)).min(1).max(256).describe('policy files, in order'),
  agents: globs.optional().describe('whose calls it is about, by globs; default: every agent'),
  tenants: globs.optional().describe('in which tenants, by globs; default: every tenant'),
  mode: z.enum(MODES).optional().describe('`shadow`: what it would say is recorded, and does not count'),
});

const destination = {
  file: z.string().min(1).optional().describe('where lines are appended, each once'),
  url: webhookUrl.optional().describe('where lines are posted, at least once'),
  secret: secret.optional().describe('the key that posts are signed with'),
  headers: z.record(z.string(), value).optional().describe('headers of posts, credentials included'),
  attempts: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe('before what is not taken goes to the dead letters; default 10'),
  dead_letters: z
    .string()
    .min(1)
    .optional()
    .describe('the file for what was not taken; default .aegis/telemetry/<name>.dead.jsonl'),
};

const follower = z.strictObject({
  name: name.describe('names its place under .aegis/telemetry'),
  format: z.enum(EXPORT_FORMATS).describe('what an event, or a call, looks like'),
  tenant: name.optional().describe('only events of this tenant; default: all'),
  with_payloads: z
    .boolean()
    .optional()
    .describe('arguments, results and other sealed values, too (ndjson, jsonl); default false'),
  ...destination,
});

const telemetry = z.strictObject({
  metrics: z
    .enum(['off', 'token', 'anonymous'])
    .optional()
    .describe('`/metrics` for people with `ledger.read` (`token`), or without a token; default `off`'),
  followers: z.array(follower).max(32).optional(),
});

const words = z.array(z.string().min(1).max(256)).min(1).max(256);

const alert = z.strictObject({
  name,
  types: z.array(z.enum(EVENT_TYPES)).min(1).optional().describe('only events of these types'),
  codes: words.optional().describe('only with one of these reason codes'),
  rules: words.optional().describe('only where one of these policy rules decided'),
  score: z.int().min(0).max(100).optional().describe('only from this threat score on'),
  rate: z
    .strictObject({ count: z.int().min(2).max(10_000), window_ms: z.int().min(1_000).max(86_400_000) })
    .optional()
    .describe('only when so many come in such a time'),
  ...destination,
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
export type OAuthEntry = NonNullable<ConfigurationFile['oauth']>;
export type PersonEntry = NonNullable<ConfigurationFile['people']>[number];
export type ServerEntry = NonNullable<ConfigurationFile['servers']>[number];
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
