import { dirname, join } from 'node:path';
import { DEFAULT_SETTINGS, formatVerifierKey, verifierKey } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { configurationSchema } from '../../src/config/schema.ts';
import { digest } from '../../src/platform.ts';
import { configurationFile, temporaryFolder } from './folder.ts';

async function load(text: string, name?: string) {
  const file = configurationFile(text, name);
  const { configuration, diagnostics } = await loadConfiguration(file);
  return { configuration, diagnostics, file, directory: dirname(file) };
}

async function loaded(text: string) {
  const { configuration, diagnostics, directory } = await load(text);
  if (configuration === undefined) throw new Error(JSON.stringify(diagnostics));
  return { ...configuration, directory };
}

/** `line:column code: message`, and the help after it. */
async function faults(text: string): Promise<string[]> {
  const { configuration, diagnostics } = await load(text);
  expect(configuration).toBeUndefined();
  return diagnostics.map(({ at, code, message, help }) => {
    const said = `${at.line}:${at.column} ${code}: ${message}`;
    return help === undefined ? said : `${said} / ${help}`;
  });
}

const PATTERN = '[[guards.patterns]]\n';
const SANITIZER = '[[taint.sanitizers]]\nname = "few"\nserver = "s"\ntool = "t"\nargument = "a.b"\n';
const CLEARED = { name: 'few', server: 's', tool: 't', argument: 'a.b' };
const STDIO = '[[servers]]\nname = "s"\ncommand = ["run"]\n';
const SIGSTORE = '[trust.sigstore]\nroot = "root.json"\nidentities = [{ identity = "a", issuer = "b" }]\n';
const OIDC = `[oidc]
issuer = "https://id.test"
client_id = "c"
client_secret = { env = "S" }
url = "https://a.test"
scopes = ["offline_access"]
name = "email"
claim = "teams"
session_minutes = 5
algorithms = ["ES256"]
[[oidc.roles]]
value = "v"
roles = ["auditor"]
tenant = "acme"
`;
const GRANTED = { value: 'v', roles: ['auditor'], tenant: 'acme' };
const ROUTE = '[[routes]]\nprefix = "m_*"\nupstream = ["http://a", "http://b"]\n';
/** Two witnesses, with keys that nobody has. */
const WITNESSED = `[ledger]
witnesses = [
  { url = "https://w1.example.org/", key = "${witnessKey('w1', 1)}" },
  { url = "https://w2.example.org/", key = "${witnessKey('w2', 2)}" },
]
`;

function logKey(): string {
  return formatVerifierKey(verifierKey('aegis', 'ed25519', new Uint8Array(32), digest));
}

function witnessKey(name: string, byte: number): string {
  return formatVerifierKey(verifierKey(name, 'ed25519-cosignature', new Uint8Array(32).fill(byte), digest));
}

const PRICED = '[limits]\nmax_cost = 2.5\n[[prices]]\nmodel = "large-*"\ninput = 3\noutput = 15\n';
const RATE = `[[rates]]
name = "few"
per = ["tenant", "tool"]
limit = 100
window_ms = 60000
burst = 5
match = "resources/*"
tools = ["web.*"]
action = "require_approval"
`;
const SEQUENCE = `[[sequences]]
name = "order"
first = { capability = ["fs.read", "secret.read"], tool = "read*", server = "vault", label = "secret" }
next = { capability = "net.egress", tool = ["send", "post"], server = "web" }
within_ms = 60000
within_steps = 5
action = "require_approval"
invariant = true
`;
const CEDAR = '[cedar]\npolicies = ["/a.cedar"]\n';
const COLLECTED = '[[telemetry.followers]]\nname = "f"\nformat = "syslog"\n';
const ALERTED = '[[alerts]]\nname = "a"\nscore = 60\n';
const FOLLOWER =
  '[[telemetry.followers]]\nname = "f"\nformat = "jsonl"\nurl = "https://h.test"\nsecret = { env = "K" }\n';
const ALERT = '[[alerts]]\nname = "a"\nscore = 60\nurl = "https://h.test"\nsecret = { env = "K" }\n';
const OPA = '[opa]\nentrypoint = "aegis/decision"\nbundle = "/p.wasm"\n';
const LAYER = '[[layers]]\nname = "team"\npolicy = ["/t.toml"]\n';
const REGO = '[rego]\nfiles = ["/a.rego", "/b.rego"]\nentrypoint = "data.aegis.decision"\n';
const HTTP = '[[servers]]\nname = "h"\nurl = "https://mcp.example.org/mcp"\n';

describe('an empty configuration', () => {
  it('has every default, and paths beside its file', async () => {
    const { configuration, file, directory } = await load('');
    expect(configuration).toEqual({
      file,
      directory,
      mode: 'enforce',
      daemon: { host: '127.0.0.1', port: 8080, hosts: [], lockOut: 'network' },
      log: { level: 'info', format: 'text' },
      stdioAgent: 'local',
      trust: { mode: 'dev', keys: [] },
      store: {
        kind: 'sqlite',
        file: join(directory, '.aegis/aegis.db'),
        durability: 'group',
        leaseMs: 20_000,
      },
      ledger: { sealIntervalMs: 1000, witnesses: [], quorum: 0 },
      vault: { file: join(directory, '.aegis/vault'), key: { kind: 'own' } },
      telemetry: { metrics: 'off', followers: [], alerts: [] },
      approvals: {
        waitMs: 30_000,
        expiresMs: 900_000,
        quorum: 1,
        elicitation: 'url',
        approvers: [],
        channels: [],
      },
      limits: DEFAULT_SETTINGS.limits,
      firstSight: 'pin',
      suspectDefinitions: 'quarantine',
      risk: {},
      guards: {},
      servers: [],
      rates: [],
      loops: {},
      sequences: [],
      routes: [],
      agents: [],
      people: [],
      text: '',
      rules: undefined,
      layers: [],
      policyFiles: [],
    });
  });
});

const PERSON = `[[people]]\nname = "ann"\nroles = ["auditor"]\ntenant = "acme"\ntoken = { env = "ANN" }
[[people]]\nname = "bob"\nroles = ["admin"]\ntoken_sha256 = "${'a'.repeat(64)}"`;

const SECURE = `[daemon.tls]\ncert = "/c.pem"\nkey = { file = "k.pem" }\nclient_ca = "/r.pem"
[[agents]]\nname = "a"\ncertificate = { dns = "a.test" }`;

const ISSUED = `[oauth]\nissuer = "https://id.test"\naudience = "https://gate.test/mcp"\njwks = "https://id.test/jwks"
claim = "client_id"\nscopes = ["act"]\ntyp = "JWT"\nalgorithms = ["ES256"]\n[[agents]]\nname = "a"\nsubject = "s"`;

const TRUSTED = `${'A'.repeat(43)}=`;

describe('personal data in the configuration', () => {
  it('is of which kinds and leads to what, both ways', async () => {
    const { guards } = await loaded(
      '[guards]\npii = { kinds = ["email"], requests = "deny", results = "redact" }',
    );
    expect(guards.pii).toEqual({ kinds: ['email'], requests: 'deny', results: 'redact' });
  });

  it('is refused where it leads to nothing, and patterns that cannot be one', async () => {
    expect(await faults('[guards]\npii = { kinds = ["email"] }')).toEqual([
      '2:7 no-effect: `pii` leads to nothing / say what it leads to with `requests`, `results` or both',
    ]);
    const pattern = (name: string, text: string) =>
      `${PATTERN}name = '${name}'\npattern = '${text}'\naction = 'mask'\n`;
    expect(await faults(pattern('email', 'x') + pattern('a', 'x*') + pattern('a', '(?=y)'))).toEqual([
      expect.stringMatching(/^1:\d+ bad-value: the pattern `email`: `email` is the name of a kind already$/),
      expect.stringMatching(
        /^5:\d+ bad-value: the pattern `a`: it matches the empty text, and so every text$/,
      ),
      expect.stringMatching(/^9:\d+ bad-value: the pattern `a`: /),
      expect.stringMatching(/^10:\d+ duplicate-name: `a` is already the name of another entry$/),
    ]);
  });
});

const APPROVER = `[approvals]
approvers = [{ name = "ann", account = "ann.smith", roles = ["lead"], key = { env = "K" } }]
channels = [{ kind = "webhook", url = "https://h.example/", secret = { file = "s" }, person = "ann" }]
`;

describe('every key has an effect', () => {
  type Case = readonly [key: string, text: string, want: object];
  const CASES: readonly Case[] = [
    ['mode', 'mode = "shadow"', { mode: 'shadow' }],
    ['daemon.addr', '[daemon]\naddr = "[::1]:99"', { daemon: { host: '::1', port: 99 } }],
    ['daemon.anonymous', '[daemon]\nanonymous = "guest"', { daemon: { anonymous: 'guest' } }],
    ['oauth.issuer', ISSUED, { oauth: { issuer: 'https://id.test' } }],
    ['oauth.audience', ISSUED, { oauth: { audience: 'https://gate.test/mcp' } }],
    ['oauth.jwks', ISSUED, { oauth: { jwks: { kind: 'url', url: 'https://id.test/jwks' } } }],
    ['oauth.claim', ISSUED, { oauth: { claim: 'client_id' } }],
    ['oauth.scopes', ISSUED, { oauth: { scopes: ['act'] } }],
    ['oauth.typ', ISSUED, { oauth: { typ: 'JWT' } }],
    ['oauth.algorithms', ISSUED, { oauth: { algorithms: ['ES256'] } }],
    ['agents.subject', ISSUED, { agents: [{ subject: 's' }] }],
    [
      'daemon.mcp_addr',
      '[daemon]\nmcp_addr = "127.0.0.1:98"',
      { daemon: { mcp: { host: '127.0.0.1', port: 98 } } },
    ],
    ['log.level', '[log]\nlevel = "warn"', { log: { level: 'warn' } }],
    ['log.format', '[log]\nformat = "json"', { log: { format: 'json' } }],
    ['daemon.lock_out', '[daemon]\nlock_out = "everywhere"', { daemon: { lockOut: 'everywhere' } }],
    ['daemon.hosts', '[daemon]\nhosts = ["Gate.test"]', { daemon: { hosts: ['gate.test'] } }],
    ['daemon.tls.cert', SECURE, { daemon: { tls: { cert: '/c.pem' } } }],
    ['daemon.tls.key', SECURE, { daemon: { tls: { key: { file: 'k.pem' } } } }],
    ['daemon.tls.client_ca', SECURE, { daemon: { tls: { clientCa: '/r.pem' } } }],
    ['agents.certificate', SECURE, { agents: [{ name: 'a', certificate: { dns: 'a.test' } }] }],
    ['people.name', PERSON, { people: [{ name: 'ann' }, {}] }],
    ['people.roles', PERSON, { people: [{ roles: ['auditor'] }, {}] }],
    ['people.tenant', PERSON, { people: [{ tenant: 'acme' }, {}] }],
    ['people.token', PERSON, { people: [{ credential: { env: 'ANN' } }, {}] }],
    ['people.token_sha256', PERSON, { people: [{}, { credential: { sha256: 'a'.repeat(64) } }] }],
    ['stdio.agent', '[stdio]\nagent = "coder"', { stdioAgent: 'coder' }],
    ['stdio.manifest', '[stdio]\nmanifest = "/m.json"', { stdioManifest: '/m.json' }],
    ['trust_mode', 'trust_mode = "prod"', { trust: { mode: 'prod' } }],
    [
      'trust.sigstore.root',
      SIGSTORE,
      { trust: { keys: [], sigstore: { root: expect.stringMatching(/^\/.*root\.json$/) } } },
    ],
    [
      'trust.sigstore.identities.identity',
      SIGSTORE,
      { trust: { sigstore: { identities: [{ identity: 'a' }] } } },
    ],
    [
      'trust.sigstore.identities.issuer',
      SIGSTORE,
      { trust: { sigstore: { identities: [{ issuer: 'b' }] } } },
    ],
    ['oidc.issuer', OIDC, { oidc: { issuer: 'https://id.test' } }],
    ['oidc.client_id', OIDC, { oidc: { clientId: 'c' } }],
    ['oidc.client_secret', OIDC, { oidc: { clientSecret: { env: 'S' } } }],
    ['oidc.url', OIDC, { oidc: { url: 'https://a.test' } }],
    ['oidc.scopes', OIDC, { oidc: { scopes: ['openid', 'offline_access'] } }],
    ['oidc.name', OIDC, { oidc: { name: 'email' } }],
    ['oidc.claim', OIDC, { oidc: { claim: 'teams' } }],
    ['oidc.session_minutes', OIDC, { oidc: { sessionMs: 300_000 } }],
    ['oidc.algorithms', OIDC, { oidc: { algorithms: ['ES256'] } }],
    ['oidc.roles.value', OIDC, { oidc: { grants: [GRANTED] } }],
    ['oidc.roles.roles', OIDC, { oidc: { grants: [GRANTED] } }],
    ['oidc.roles.tenant', OIDC, { oidc: { grants: [GRANTED] } }],
    ['trust.keys', `[trust]\nkeys = ["${TRUSTED}"]`, { trust: { keys: [TRUSTED] } }],
    [
      'store.dsn',
      '[store]\ndsn = "file:/var/lib/a.db"',
      { store: { kind: 'sqlite', file: '/var/lib/a.db' } },
    ],
    [
      'store.password',
      '[store]\ndsn = "postgres://aegis@db/ledger"\npassword = { env = "PG" }',
      { store: { kind: 'postgres', dsn: 'postgres://aegis@db/ledger', password: { env: 'PG' } } },
    ],
    [
      'store.owner.dsn',
      '[store]\ndsn = "postgres://aegis@db/ledger"\nowner = { dsn = "postgres://owner@db/ledger" }',
      { store: { owner: { dsn: 'postgres://owner@db/ledger' } } },
    ],
    [
      'store.owner.password',
      '[store]\ndsn = "postgres://a@db/l"\nowner = { dsn = "postgres://o@db/l", password = { file = "p" } }',
      { store: { owner: { password: { file: 'p' } } } },
    ],
    ['store.lease_ms', '[store]\nlease_ms = 5000', { store: { leaseMs: 5_000 } }],
    ['store.durability', '[store]\ndurability = "full"', { store: { durability: 'full' } }],
    ['ledger.seal_interval_ms', '[ledger]\nseal_interval_ms = 250', { ledger: { sealIntervalMs: 250 } }],
    ['ledger.witnesses.url', WITNESSED, { ledger: { witnesses: [{ url: 'https://w1.example.org/' }, {}] } }],
    [
      'ledger.witnesses.key',
      WITNESSED,
      { ledger: { witnesses: [{ key: { name: 'w1', algorithm: 'ed25519-cosignature' } }, {}] } },
    ],
    ['vault.file', '[vault]\nfile = "/srv/vault"\n', { vault: { file: '/srv/vault' } }],
    ['vault.key', '[vault]\nkey = { env = "K" }\n', { vault: { key: { kind: 'env', name: 'K' } } }],
    [
      'vault.old_key',
      '[vault]\nold_key = { keyring = "aegis" }\n',
      { vault: { oldKey: { kind: 'keyring', service: 'aegis' } } },
    ],
    ['ledger.quorum', `${WITNESSED}quorum = 1`, { ledger: { quorum: 1 } }],
    [
      'ledger.anchor',
      '[ledger]\nanchor = "/mnt/notes"',
      { ledger: { anchor: { kind: 'file', file: '/mnt/notes' } } },
    ],
    ['limits.max_steps', '[limits]\nmax_steps = 3', { limits: { maxSteps: 3 } }],
    ['limits.max_tool_calls', '[limits]\nmax_tool_calls = 3', { limits: { maxToolCalls: 3 } }],
    ['limits.max_wall_time_ms', '[limits]\nmax_wall_time_ms = 3', { limits: { maxWallTimeMs: 3 } }],
    ['limits.max_identical_calls', '[limits]\nmax_identical_calls = 3', { limits: { maxIdenticalCalls: 3 } }],
    ['limits.timeout_ms', '[limits]\ntimeout_ms = 3', { limits: { timeoutMs: 3 } }],
    ['limits.max_output_bytes', '[limits]\nmax_output_bytes = 3', { limits: { maxOutputBytes: 3 } }],
    ['approvals.wait_ms', '[approvals]\nwait_ms = 3', { approvals: { waitMs: 3 } }],
    ['approvals.expires_ms', '[approvals]\nexpires_ms = 3000', { approvals: { expiresMs: 3000 } }],
    ['approvals.quorum', '[approvals]\nquorum = 3', { approvals: { quorum: 3 } }],
    ['approvals.elicitation', '[approvals]\nelicitation = "form"', { approvals: { elicitation: 'form' } }],
    ['approvals.approvers.name', APPROVER, { approvals: { approvers: [{ name: 'ann' }] } }],
    ['approvals.approvers.account', APPROVER, { approvals: { approvers: [{ account: 'ann.smith' }] } }],
    ['approvals.approvers.roles', APPROVER, { approvals: { approvers: [{ roles: ['lead'] }] } }],
    ['approvals.approvers.key', APPROVER, { approvals: { approvers: [{ key: { env: 'K' } }] } }],
    ['approvals.channels.kind', APPROVER, { approvals: { channels: [{ kind: 'webhook' }] } }],
    ['approvals.channels.url', APPROVER, { approvals: { channels: [{ url: 'https://h.example/' }] } }],
    ['approvals.channels.secret', APPROVER, { approvals: { channels: [{ secret: { file: 's' } }] } }],
    ['approvals.channels.person', APPROVER, { approvals: { channels: [{ person: 'ann' }] } }],
    ['tools.first_sight', '[tools]\nfirst_sight = "quarantine"', { firstSight: 'quarantine' }],
    [
      'guards.requests',
      '[guards]\nrequests = { high = "require_approval", critical = "deny" }',
      { guards: { requests: { high: 'require_approval', critical: 'deny' } } },
    ],
    [
      'guards.results',
      '[guards]\nresults = { high = "withhold" }',
      { guards: { results: { high: 'withhold' } } },
    ],
    ['guards.secrets', '[guards]\nsecrets = "deny"', { guards: { secrets: 'deny' } }],
    [
      'guards.pii',
      '[guards]\npii = "deny"',
      { guards: { pii: { kinds: ['card', 'iban', 'ssn', 'national_id'], requests: 'deny' } } },
    ],
    [
      'guards.patterns.name',
      `${PATTERN}name = 'badge'\npattern = 'B-\\d{4}'\naction = 'mask'`,
      { guards: { patterns: [{ name: 'badge' }] } },
    ],
    [
      'guards.patterns.pattern',
      `${PATTERN}name = 'badge'\npattern = 'B-\\d{4}'\naction = 'mask'`,
      { guards: { patterns: [{ pattern: 'B-\\d{4}' }] } },
    ],
    [
      'guards.patterns.action',
      `${PATTERN}name = 'badge'\npattern = 'B-\\d{4}'\naction = 'block'`,
      { guards: { patterns: [{ action: 'block' }] } },
    ],
    [
      'taint.sinks',
      '[taint]\nsinks = { exec = "require_approval" }',
      { taint: { sinks: { exec: 'require_approval' } } },
    ],
    ['taint.untrusted', '[taint]\nuntrusted = ["crm"]', { taint: { untrusted: ['crm'] } }],
    ['taint.user_text', '[taint]\nuser_text = true', { taint: { userText: true } }],
    ...['name', 'server', 'tool', 'argument', 'one_of'].map(
      (key): Case => [
        `taint.sanitizers.${key}`,
        `${SANITIZER}one_of = [7]\n${STDIO}`,
        { taint: { sanitizers: [{ ...CLEARED, kind: 'one_of', values: [7] }] } },
      ],
    ),
    ...['min', 'max'].map(
      (key): Case => [
        `taint.sanitizers.number.${key}`,
        `${SANITIZER}number = { min = 1, max = 2 }\n${STDIO}`,
        { taint: { sanitizers: [{ ...CLEARED, kind: 'number', min: 1, max: 2 }] } },
      ],
    ),
    ['guards.definitions', '[guards]\ndefinitions = "off"', { suspectDefinitions: 'off' }],
    ...(
      [
        ['name', { name: 'few' }],
        ['per', { per: ['tenant', 'tool'] }],
        ['limit', { limit: 100 }],
        ['window_ms', { windowMs: 60_000 }],
        ['burst', { burst: 5 }],
        ['match', { match: 'resources/*' }],
        ['tools', { tools: ['web.*'] }],
        ['action', { action: 'require_approval' }],
      ] as const
    ).map(([key, rate]): Case => [`rates.${key}`, RATE, { rates: [rate] }]),
    ...(
      [
        ['identical', 'identical'],
        ['sequence', 'sequence'],
        ['same_answer', 'sameAnswer'],
        ['errors', 'errors'],
      ] as const
    ).flatMap(([key, kind]): Case[] => [
      [
        `loops.${key}.times`,
        `[loops]\n${key} = { times = 4 }`,
        { loops: { [kind]: { times: 4, action: 'deny' } } },
      ],
      [
        `loops.${key}.action`,
        `[loops]\n${key} = { times = 4, action = "require_approval" }`,
        { loops: { [kind]: { action: 'require_approval' } } },
      ],
      [
        `loops.${key}.delay_ms`,
        `[loops]\n${key} = { times = 4, action = "slow_down", delay_ms = 500 }`,
        { loops: { [kind]: { action: 'slow_down', delayMs: 500 } } },
      ],
    ]),
    ...(
      [
        ['name', { name: 'order' }],
        ['first.capability', { first: { capability: ['fs.read', 'secret.read'] } }],
        ['first.tool', { first: { tool: ['read*'] } }],
        ['first.server', { first: { server: ['vault'] } }],
        ['first.label', { first: { label: ['secret'] } }],
        ['next.capability', { next: { capability: ['net.egress'] } }],
        ['next.tool', { next: { tool: ['send', 'post'] } }],
        ['next.server', { next: { server: ['web'] } }],
        ['within_ms', { withinMs: 60_000 }],
        ['within_steps', { withinSteps: 5 }],
        ['action', { action: 'require_approval' }],
        ['invariant', { invariant: true }],
      ] as const
    ).map(([key, sequence]): Case => [`sequences.${key}`, SEQUENCE, { sequences: [sequence] }]),
    ['limits.max_model_calls', '[limits]\nmax_model_calls = 9', { models: { maxCalls: 9, prices: [] } }],
    ['limits.max_tokens', '[limits]\nmax_tokens = 9', { models: { maxTokens: 9 } }],
    ['limits.max_cost', PRICED, { models: { maxCost: 2.5 } }],
    ['prices.model', PRICED, { models: { prices: [{ model: 'large-*' }] } }],
    ['prices.input', PRICED, { models: { prices: [{ input: 3 }] } }],
    ['prices.output', PRICED, { models: { prices: [{ output: 15 }] } }],
    ['risk', '[risk]\nhigh = "deny"', { risk: { high: 'deny' } }],
    ['servers.name', STDIO, { servers: [{ name: 's' }] }],
    ['servers.command', STDIO, { servers: [{ kind: 'stdio', command: ['run'] }] }],
    ['servers.cwd', `${STDIO}cwd = "/work"`, { servers: [{ cwd: '/work' }] }],
    [
      'servers.env',
      `${STDIO}env = { A = "a", B = { env = "X" }, C = { file = "c" } }`,
      { servers: [{ env: { A: 'a', B: { env: 'X' }, C: { file: 'c' } } }] },
    ],
    ['servers.url', HTTP, { servers: [{ kind: 'http', url: 'https://mcp.example.org/mcp' }] }],
    [
      'servers.headers',
      `${HTTP}headers = { Authorization = { env = "T" } }`,
      { servers: [{ headers: { Authorization: { env: 'T' } } }] },
    ],
    ['servers.max_concurrency', `${HTTP}max_concurrency = 2`, { servers: [{ maxConcurrency: 2 }] }],
    ['servers.era', `${HTTP}era = "modern"`, { servers: [{ era: 'modern' }] }],
    ['servers.isolation', `${HTTP}isolation = "session"`, { servers: [{ isolated: true }] }],
    ['servers.idle_ms', `${STDIO}idle_ms = 60000`, { servers: [{ isolated: false, idleMs: 60_000 }] }],
    ['servers.max_lifetime_ms', `${STDIO}max_lifetime_ms = 1000`, { servers: [{ maxLifetimeMs: 1_000 }] }],
    ['servers.manifest', `${HTTP}manifest = "/m.yaml"`, { servers: [{ manifest: '/m.yaml' }] }],
    ['routes.prefix', ROUTE, { routes: [{ match: { kind: 'prefix', prefix: 'm_' } }] }],
    [
      'routes.tool',
      '[[routes]]\ntool = "t"\nupstream = "http://a"',
      { routes: [{ match: { kind: 'tool', name: 't' } }] },
    ],
    ['routes.upstream', ROUTE, { routes: [{ servers: ['a', 'b'] }] }],
    ['routes.order', `${ROUTE}order = "first-success"`, { routes: [{ order: 'first-success' }] }],
    ['routes.failure', `${ROUTE}failure = "strict"`, { routes: [{ failure: 'strict' }] }],
    [
      'agents.name',
      '[[agents]]\nname = "a"\ntoken = { env = "T" }',
      { agents: [{ name: 'a', tenant: 'default' }] },
    ],
    [
      'agents.tenant',
      '[[agents]]\nname = "a"\ntenant = "x"\ntoken = { env = "T" }',
      { agents: [{ tenant: 'x' }] },
    ],
    [
      'agents.token',
      '[[agents]]\nname = "a"\ntoken = { file = "t" }',
      { agents: [{ token: { file: 't' } }] },
    ],
    [
      'agents.manifest',
      '[[agents]]\nname = "a"\ntoken = { file = "t" }\nmanifest = "/m.json"',
      { agents: [{ manifest: '/m.json' }] },
    ],
    ['policy', 'policy = ["/p.toml"]', { policyFiles: ['/p.toml'] }],
    ['policies', '[[policies]]\nname = "r"', { rules: { path: ['policies'] } }],
    ['layers.name', LAYER, { layers: [{ name: 'team', mode: 'enforce' }] }],
    ['layers.policy', LAYER, { layers: [{ policyFiles: ['/t.toml'] }] }],
    ['layers.agents', `${LAYER}agents = ["pay-*"]`, { layers: [{ agents: ['pay-*'] }] }],
    ['layers.tenants', `${LAYER}tenants = ["acme"]`, { layers: [{ tenants: ['acme'] }] }],
    ['layers.mode', `${LAYER}mode = "shadow"`, { layers: [{ mode: 'shadow' }] }],
    ['rego.files', REGO, { rego: { files: ['/a.rego', '/b.rego'] } }],
    [
      'rego.entrypoint',
      REGO,
      { rego: { entrypoint: 'data.aegis.decision', entrypointAt: { line: 3, column: 14 } } },
    ],
    ['rego.data', `${REGO}data = "/d.json"`, { rego: { data: '/d.json' } }],
    ['cedar.policies', CEDAR, { cedar: { policies: ['/a.cedar'] } }],
    ['cedar.entities', `${CEDAR}entities = "/e.json"`, { cedar: { entities: '/e.json' } }],
    ['cedar.schema', `${CEDAR}schema = "/s.cedarschema"`, { cedar: { schema: '/s.cedarschema' } }],
    [
      'opa.bundle',
      OPA,
      { opa: { kind: 'bundle', file: '/p.wasm', deadlineMs: 1000, memoryMb: 64, reads: [[]] } },
    ],
    ['opa.entrypoint', OPA, { opa: { entrypoint: 'aegis/decision', entrypointAt: { line: 2, column: 14 } } }],
    ['opa.data', `${OPA}data = "/d.json"`, { opa: { data: '/d.json' } }],
    ['telemetry.metrics', '[telemetry]\nmetrics = "token"', { telemetry: { metrics: 'token' } }],
    [
      'telemetry.followers.attempts',
      `${FOLLOWER}attempts = 3`,
      { telemetry: { followers: [{ to: { attempts: 3 } }] } },
    ],
    ['alerts.attempts', `${ALERT}attempts = 3`, { telemetry: { alerts: [{ to: { attempts: 3 } }] } }],
    [
      'telemetry.followers.dead_letters',
      `${FOLLOWER}dead_letters = "/d"`,
      { telemetry: { followers: [{ to: { deadLetters: '/d' } }] } },
    ],
    [
      'alerts.dead_letters',
      `${ALERT}dead_letters = "/d"`,
      { telemetry: { alerts: [{ to: { deadLetters: '/d' } }] } },
    ],
    [
      'telemetry.followers.file',
      '[[telemetry.followers]]\nname = "f"\nformat = "cef"\nfile = "/x"',
      { telemetry: { followers: [{ to: { kind: 'file', file: '/x' } }] } },
    ],
    [
      'alerts.file',
      '[[alerts]]\nname = "a"\nscore = 60\nfile = "/x"',
      { telemetry: { alerts: [{ to: { kind: 'file', file: '/x' } }] } },
    ],
    [
      'telemetry.followers.headers',
      `${FOLLOWER}headers = { A = "b" }`,
      { telemetry: { followers: [{ to: { headers: { A: 'b' } } }] } },
    ],
    [
      'alerts.headers',
      `${ALERT}headers = { A = "b" }`,
      { telemetry: { alerts: [{ to: { headers: { A: 'b' } } }] } },
    ],
    [
      'telemetry.followers.secret',
      FOLLOWER,
      { telemetry: { followers: [{ to: { secret: { env: 'K' } } }] } },
    ],
    ['alerts.secret', ALERT, { telemetry: { alerts: [{ to: { secret: { env: 'K' } } }] } }],
    ['telemetry.followers.url', FOLLOWER, { telemetry: { followers: [{ to: { url: 'https://h.test' } }] } }],
    ['alerts.url', ALERT, { telemetry: { alerts: [{ to: { url: 'https://h.test' } }] } }],
    ['telemetry.followers.name', FOLLOWER, { telemetry: { followers: [{ name: 'f' }] } }],
    ['telemetry.followers.format', FOLLOWER, { telemetry: { followers: [{ format: 'jsonl' }] } }],
    [
      'telemetry.followers.tenant',
      `${FOLLOWER}tenant = "t"`,
      { telemetry: { followers: [{ tenant: 't' }] } },
    ],
    [
      'telemetry.followers.with_payloads',
      `${FOLLOWER}with_payloads = true`,
      { telemetry: { followers: [{ payloads: true }] } },
    ],
    [
      'telemetry.followers.syslog',
      `${COLLECTED}syslog = "tls://h.test:6514"`,
      { telemetry: { followers: [{ to: { transport: 'tls', host: 'h.test', port: 6514 } }] } },
    ],
    [
      'telemetry.followers.ca',
      `${COLLECTED}syslog = "tls://h.test:6514"\nca = "/ca.pem"`,
      { telemetry: { followers: [{ to: { ca: '/ca.pem' } }] } },
    ],
    [
      'telemetry.followers.plaintext',
      `${COLLECTED}syslog = "udp://h.test:514"\nplaintext = true`,
      { telemetry: { followers: [{ to: { transport: 'udp' } }] } },
    ],
    [
      'alerts.syslog',
      `${ALERTED}syslog = "tls://h.test:6514"`,
      { telemetry: { alerts: [{ to: { transport: 'tls' } }] } },
    ],
    [
      'alerts.ca',
      `${ALERTED}syslog = "tls://h.test:6514"\nca = "/ca.pem"`,
      { telemetry: { alerts: [{ to: { ca: '/ca.pem' } }] } },
    ],
    [
      'alerts.plaintext',
      `${ALERTED}syslog = "tcp://h.test:514"\nplaintext = true`,
      { telemetry: { alerts: [{ to: { transport: 'tcp' } }] } },
    ],
    ['alerts.desktop', `${ALERTED}desktop = true`, { telemetry: { alerts: [{ to: { kind: 'desktop' } }] } }],
    ['alerts.name', ALERT, { telemetry: { alerts: [{ rule: { name: 'a' } }] } }],
    ['alerts.score', ALERT, { telemetry: { alerts: [{ rule: { score: 60 } }] } }],
    [
      'alerts.codes',
      `${ALERT}codes = ["GUARD_SQL"]`,
      { telemetry: { alerts: [{ rule: { codes: ['GUARD_SQL'] } }] } },
    ],
    ['alerts.rules', `${ALERT}rules = ["r"]`, { telemetry: { alerts: [{ rule: { rules: ['r'] } }] } }],
    [
      'alerts.types',
      `${ALERT}types = ["TERMINATION"]`,
      { telemetry: { alerts: [{ rule: { types: ['TERMINATION'] } }] } },
    ],
    [
      'alerts.rate.count',
      `${ALERT}rate = { count = 5, window_ms = 1000 }`,
      { telemetry: { alerts: [{ rule: { rate: { count: 5 } } }] } },
    ],
    [
      'alerts.rate.window_ms',
      `${ALERT}rate = { count = 5, window_ms = 1000 }`,
      { telemetry: { alerts: [{ rule: { rate: { windowMs: 1000 } } }] } },
    ],
    [
      'guards.classifier.url',
      '[guards.classifier]\nurl = "http://127.0.0.1:8085/score"',
      { classifier: { url: 'http://127.0.0.1:8085/score', deadlineMs: 500, failure: 'record' } },
    ],
    [
      'guards.classifier.deadline_ms',
      '[guards.classifier]\nurl = "http://127.0.0.1:8085/"\ndeadline_ms = 50',
      { classifier: { deadlineMs: 50 } },
    ],
    [
      'guards.classifier.failure',
      '[guards.classifier]\nurl = "http://127.0.0.1:8085/"\nfailure = "high"',
      { classifier: { failure: 'high' } },
    ],
    ['opa.memory_mb', `${OPA}memory_mb = 8`, { opa: { memoryMb: 8 } }],
    ['opa.deadline_ms', `${OPA}deadline_ms = 50`, { opa: { deadlineMs: 50 } }],
    [
      'opa.token',
      '[opa]\nurl = "https://opa.example.org"\nentrypoint = "a"\ntoken = { env = "OPA_TOKEN" }',
      { opa: { token: { env: 'OPA_TOKEN' } } },
    ],
    [
      'opa.ca',
      '[opa]\nurl = "https://opa.example.org"\nentrypoint = "a"\nca = "/etc/roots.pem"',
      { opa: { ca: '/etc/roots.pem' } },
    ],
    ['opa.input', `${OPA}input = ["request.tool"]`, { opa: { reads: [['request', 'tool']] } }],
    [
      'opa.url',
      '[opa]\nentrypoint = "a"\nurl = "http://127.0.0.1:8181"\n',
      { opa: { kind: 'remote', url: 'http://127.0.0.1:8181' } },
    ],
  ];

  it.each(CASES)('%s', async (_, text, want) => {
    expect(await loaded(text)).toMatchObject(want);
  });

  it('and none is left out here', () => {
    const keys: string[] = [];
    const visit = (schema: unknown, prefix: string): void => {
      const { def } = schema as { def: Record<string, object | undefined> };
      if (def['innerType'] !== undefined) return visit(def['innerType'], prefix);
      if (
        def['element'] !== undefined &&
        prefix !== 'policy' &&
        prefix !== 'policies' &&
        prefix !== 'servers.command'
      ) {
        return visit(def['element'], prefix);
      }
      if (def['shape'] === undefined) return void keys.push(prefix);
      for (const [name, inner] of Object.entries(def['shape'])) {
        visit(inner, prefix === '' ? name : `${prefix}.${name}`);
      }
    };
    visit(configurationSchema, '');
    // An editor's own key.
    expect(keys.filter((key) => key !== '$schema').toSorted()).toEqual(CASES.map(([key]) => key).toSorted());
  });

  it('paths start at the file', async () => {
    const { directory, servers, policyFiles, rego } = await loaded(
      `policy = ["policies/p.toml"]\n${STDIO}cwd = "work"\nmanifest = "manifests/s.yaml"\n${HTTP}
[rego]\nfiles = ["r/a.rego"]\nentrypoint = "data.a"\ndata = "r/d.json"`,
    );
    expect([rego?.files, rego?.data]).toEqual([[join(directory, 'r/a.rego')], join(directory, 'r/d.json')]);
    expect(policyFiles).toEqual([join(directory, 'policies/p.toml')]);
    expect(servers[0]).toMatchObject({
      cwd: join(directory, 'work'),
      manifest: join(directory, 'manifests/s.yaml'),
    });
    expect((await loaded(STDIO)).servers).toMatchObject([{ cwd: expect.stringContaining('aegis-config-') }]);
  });

  it.each([
    ['aegis.yaml', 'mode: shadow\nlimits: { max_steps: 7 }'],
    ['aegis.json', '{ "mode": "shadow", "limits": { "max_steps": 7 } }'],
  ])('in %s as in TOML', async (name, text) => {
    const { configuration } = await load(text, name);
    expect(configuration).toMatchObject({ mode: 'shadow', limits: { maxSteps: 7 } });
  });
});

describe('what is wrong', () => {
  it('is reported together, each in its place, with suggestions at every depth', async () => {
    const text = `mod = "enforce"
mode = "enforcd"
[limits]
max_step = 5
max_tool_calls = 0
timeout_ms = "x"
max_output_bytes = 67108865
[risk]
hihg = "deny"
high = "dny"
[[servers]]
nam = "x"
command = []
[[servers]]
name = "a b"
url = "ftp://x"
env = { A = 5 }
[[agents]]
name = "x"
tokn = { env = "T" }
`;
    expect(await faults(text)).toEqual([
      '1:1 unknown-key: unknown key `mod` / did you mean `mode`?',
      '2:8 unknown-value: `mode`: expected one of `enforce`, `shadow`',
      '4:1 unknown-key: unknown key `limits.max_step` / did you mean `max_steps`?',
      '5:18 out-of-range: `limits.max_tool_calls`: must be at least 1',
      '6:14 wrong-type: `limits.timeout_ms`: expected number',
      '7:20 out-of-range: `limits.max_output_bytes`: must be at most 67108864',
      '9:1 unknown-key: unknown key `risk.hihg` / did you mean `high`?',
      '10:8 unknown-value: `risk.high`: expected one of `allow`, `require_approval`, `deny`',
      '11:1 missing-key: `servers.0.name` is missing',
      '12:1 unknown-key: unknown key `servers.0.nam` / did you mean `name`?',
      '13:11 out-of-range: `servers.0.command`: must be at least 1 long',
      '15:8 bad-value: `servers.1.name`: use letters, digits, `-` and `_`, at most 63',
      '16:7 bad-value: `servers.1.url`: invalid URL',
      '17:13 bad-value: `servers.1.env.A`: a value is a text, `{ secret = "NAME" }` of the vault, `{ env = "NAME" }` or `{ file = "path" }`',
      '20:1 unknown-key: unknown key `agents.0.tokn` / did you mean `token`?',
    ]);
  });

  it.each([
    [
      '[daemon]\naddr = "0.0.0.0:8080"',
      '2:8 public-bind: `0.0.0.0` is not a loopback address: TLS is needed (`cert` and `key` under [daemon.tls]), it has no name (`hosts` under [daemon]), nobody could sign in ([[agents]], [[people]]) / give what is missing, or use 127.0.0.1',
    ],
    [
      '[daemon]\naddr = "[::]:8080"\nanonymous = "guest"\nhosts = ["a.test"]\n[daemon.tls]\ncert = "c"\nkey = { env = "K" }\n[[agents]]\nname = "b"\ntoken = { env = "B" }',
      '2:8 public-bind: `::` is not a loopback address: nobody may be anonymous there / give what is missing, or use 127.0.0.1',
    ],
    [
      '[[agents]]\nname = "a"',
      '1:1 bad-agent: `a` has nothing to show / give `token`, `subject` or `certificate`',
    ],
    [
      '[[agents]]\nname = "a"\nsubject = "a"',
      '3:11 bad-agent: nobody issues tokens for `a` / say who does under [oauth]',
    ],
    [
      ISSUED.replace('https://id.test/jwks', 'http://id.test/jwks'),
      '4:8 bad-value: `http://id.test/jwks` can be changed on its way / use https',
    ],
    [
      '[[agents]]\nname = "a"\ncertificate = { dns = "a.test" }',
      '3:15 bad-agent: nobody vouches for the certificate of `a` / give `client_ca` under [daemon.tls]',
    ],
    ['[daemon]\naddr = "8080"', '2:8 bad-value: `8080` is not host:port / for example 127.0.0.1:8080'],
    [
      '[rego]\nfiles = ["a.rego"]\nentrypoint = "aegis.decision"',
      '3:14 bad-value: `rego.entrypoint`: an entrypoint is a rule, like `data.aegis.decision`',
    ],
    ['[rego]\nfiles = []\nentrypoint = "data.a"', '2:9 out-of-range: `rego.files`: must be at least 1 long'],
    ['[rego]\nfiles = ["a.rego"]', '1:1 missing-key: `rego.entrypoint` is missing'],
    [
      '[daemon]\naddr = "localhost:70000"',
      '2:8 bad-value: `localhost:70000` is not host:port / for example 127.0.0.1:8080',
    ],
    [
      '[store]\ndsn = "mysql://u:pw@x/y"',
      '2:7 bad-value: `mysql://u:...@x/y` is not a store / for example file:.aegis/aegis.db or postgres://user@host:5432/database',
    ],
    [
      '[store]\ndsn = "postgres://u:hunter2@x/y"',
      '2:7 secret-in-file: the password stands in `dsn` / write `password = { env = "NAME" }` or `{ file = "path" }` beside it',
    ],
    [
      '[store]\ndsn = "postgres://x/y"\npassword = { env = "PG" }',
      '3:12 bad-value: `password` needs a user in `dsn` / for example postgres://user@host:5432/database',
    ],
    ['[store]\npassword = { env = "PG" }', '2:12 bad-value: `password` means nothing for a file'],
    [
      '[ledger]\nanchor = "http://anchor.example.org/"',
      '2:10 bad-value: an anchor is the path of a file or an https address',
    ],
    [`${WITNESSED}quorum = 3`, '6:10 out-of-range: there are only 2 witnesses'],
    [
      `[ledger]\nwitnesses = [{ url = "https://w", key = "w+01020304+AA==" }]`,
      '2:41 bad-value: not the key of a witness: no known algorithm: 0 / a witness shows its key when it starts: `name+1a2b3c4d+B...`',
    ],
    [
      `[ledger]\nwitnesses = [{ url = "https://w", key = "${logKey()}" }]`,
      '2:41 bad-value: not the key of a witness: it is the key of a log / a witness shows its key when it starts: `name+1a2b3c4d+B...`',
    ],
    [
      WITNESSED.replaceAll(witnessKey('w2', 2), witnessKey('w1', 1)),
      '4:44 duplicate-name: another witness has the same key',
    ],
    ['[[servers]]\nname = "s"', '1:1 bad-server: server `s` needs either `command` or `url`'],
    [`${STDIO}url = "http://x"`, '1:1 bad-server: server `s` needs either `command` or `url`'],
    [`${STDIO}headers = {}`, '4:11 bad-server: `headers` means nothing for a stdio server'],
    [`${STDIO}max_concurrency = 1`, '4:19 bad-server: `max_concurrency` means nothing for a stdio server'],
    [`${HTTP}cwd = "x"`, '4:7 bad-server: `cwd` means nothing for an HTTP server'],
    [`${HTTP}env = {}`, '4:7 bad-server: `env` means nothing for an HTTP server'],
    [`${HTTP}idle_ms = 1000`, '4:11 bad-server: `idle_ms` means nothing for an HTTP server'],
    [`${HTTP}max_lifetime_ms = 1000`, '4:19 bad-server: `max_lifetime_ms` means nothing for an HTTP server'],
    [`${STDIO}${STDIO}`, '5:8 duplicate-name: `s` is already the name of another entry'],
    [
      '[[agents]]\nname = "a"\ntoken = { env = "A" }\n[[agents]]\nname = "a"\ntoken = { env = "B" }',
      '5:8 duplicate-name: `a` is already the name of another entry',
    ],
    [
      '[daemon]\nanonymous = "a"\n[[agents]]\nname = "a"\ntoken = { env = "A" }',
      '2:13 anonymous-agent: `a` is an agent with a credential',
    ],
    ['mode = ', '1:8 syntax: '],
  ])('%j', async (text, want) => {
    const [first, ...rest] = await faults(text);
    expect(first).toMatch(want.endsWith(': ') ? new RegExp(`^${want}`) : want);
    expect(rest).toEqual([]);
  });

  it('a file that cannot be read is an error of its own', async () => {
    await expect(loadConfiguration(join(temporaryFolder(), 'none.toml'))).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    });
  });
});
