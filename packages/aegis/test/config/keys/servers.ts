import { HTTP, STDIO } from '../texts.ts';
import type { Case } from './case.ts';

const ROUTE = '[[routes]]\nprefix = "m_*"\nupstream = ["http://a", "http://b"]\n';

/** Every key of servers. */
export const SERVERS: readonly Case[] = [
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
];
