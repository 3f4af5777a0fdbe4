import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { configurationSchema } from '../../src/config/schema.ts';
import { configurationFile } from './folder.ts';

const SERVERS = `[[servers]]
name = "memory"
command = ["run"]
[[servers]]
name = "archive"
url = "https://archive.example.org/mcp"
headers = { Authorization = { env = "ARCHIVE" } }
`;
const LINES = SERVERS.split('\n').length;

async function loaded(text: string, name?: string) {
  const { configuration, diagnostics } = await loadConfiguration(configurationFile(text, name));
  if (configuration === undefined) throw new Error(JSON.stringify(diagnostics));
  return configuration;
}

/** `line:column code: message / help`, lines counted from the end of `SERVERS`. */
async function faults(routes: string): Promise<string[]> {
  const { configuration, diagnostics } = await loadConfiguration(configurationFile(SERVERS + routes));
  expect(configuration).toBeUndefined();
  return diagnostics.map(({ at, code, message, help }) => {
    const said = `${at.line - LINES + 1}:${at.column} ${code}: ${message}`;
    return help === undefined ? said : `${said} / ${help}`;
  });
}

const PRINTED = `# Route memory operations to MNEMON
[[routes]]
prefix   = "memory_*"
upstream = "http://mnemon:8080"

# Route planning operations to the planner
[[routes]]
prefix   = "plan_*"
upstream = "http://planner:8081"

# Route hybrid operations through both
[[routes]]
prefix   = "hybrid_*"
upstream = ["http://mnemon:8080", "http://planner:8081"]
`;

describe('routes', () => {
  it('by URL bring two servers that nothing else declares', async () => {
    const { routes, servers } = await loaded(PRINTED, 'gateway.toml');
    const both = { order: 'all', failure: 'partial' };
    expect(routes).toEqual([
      { match: { kind: 'prefix', prefix: 'memory_' }, servers: ['mnemon-8080'], ...both },
      { match: { kind: 'prefix', prefix: 'plan_' }, servers: ['planner-8081'], ...both },
      { match: { kind: 'prefix', prefix: 'hybrid_' }, servers: ['mnemon-8080', 'planner-8081'], ...both },
    ]);
    expect(servers).toMatchObject([
      { kind: 'http', name: 'mnemon-8080', url: 'http://mnemon:8080/mcp', headers: {}, onlyRouted: true },
      { kind: 'http', name: 'planner-8081', url: 'http://planner:8081/mcp', headers: {}, onlyRouted: true },
    ]);
  });

  it('name a server that is declared, also by its URL', async () => {
    const { routes, servers } = await loaded(`${SERVERS}
[[routes]]
tool = "recall"
upstream = ["archive", "memory"]
order = "first-success"
[[routes]]
prefix = "*"
upstream = "HTTPS://archive.example.org"
[[routes]]
prefix = "x*"
upstream = ["https://archive.example.org/mcp", "memory"]
failure = "strict"
`);
    expect(routes).toMatchObject([
      { match: { kind: 'tool', name: 'recall' }, servers: ['archive', 'memory'], order: 'first-success' },
      { match: { kind: 'prefix', prefix: '' }, servers: ['archive'] },
      { match: { kind: 'prefix', prefix: 'x' }, servers: ['archive', 'memory'], failure: 'strict' },
    ]);
    expect(servers.map(({ name, onlyRouted }) => [name, onlyRouted])).toEqual([
      ['memory', undefined],
      ['archive', undefined],
    ]);
  });

  it.each([
    ['http://mnemon:8080', 'mnemon-8080', 'http://mnemon:8080/mcp'],
    ['http://mnemon:8080/', 'mnemon-8080', 'http://mnemon:8080/'],
    ['http://mnemon', 'mnemon', 'http://mnemon/mcp'],
    ['https://mcp.example.org/v1/mcp', 'mcp-example-org', 'https://mcp.example.org/v1/mcp'],
    ['http://127.0.0.1:9000', '127-0-0-1-9000', 'http://127.0.0.1:9000/mcp'],
    ['http://[::1]:9000/x', '1-9000', 'http://[::1]:9000/x'],
  ])('%s is the server %s at %s', async (upstream, name, url) => {
    const { servers } = await loaded(`[[routes]]\nprefix = "a*"\nupstream = "${upstream}"`);
    expect(servers).toMatchObject([{ name, url }]);
  });

  it('mean the same in YAML and JSON', async () => {
    const yaml = await loaded(
      'routes:\n  - { prefix: "m_*", upstream: ["http://a:1", "http://b:2"] }',
      'aegis.yaml',
    );
    const json = await loaded(
      '{ "routes": [{ "prefix": "m_*", "upstream": ["http://a:1", "http://b:2"] }] }',
      'aegis.json',
    );
    expect(json.routes).toEqual(yaml.routes);
    expect(json.servers).toEqual(yaml.servers);
    expect(json.servers).toHaveLength(2);
  });
});

describe('routes that cannot be', () => {
  it('are all reported at once, each in its place', async () => {
    const routes = `[[routes]]
prefix = "memory_*"
upstream = "memry"
[[routes]]
prefix = "memory_*"
upstream = ["memory", "nowhere"]
[[routes]]
tool = "recall"
upstream = "memory"
[[routes]]
tool = "recall"
upstream = "archive"
order = "all"
[[routes]]
prefix = "plan_"
upstream = "memory"
`;
    const conflict = 'has a route already / give all its servers to one route, as a list in `upstream`';
    expect(await faults(routes)).toEqual([
      '3:12 unknown-server: there is no server `memry` / did you mean `memory`?',
      `5:10 duplicate-route: \`memory_*\` ${conflict}`,
      '6:23 unknown-server: there is no server `nowhere` / name one of `[[servers]]`, or give a URL',
      `11:8 duplicate-route: \`recall\` ${conflict}`,
      '13:9 bad-route: `order` means nothing for one upstream',
      '15:10 bad-value: `plan_` is not a prefix / did you mean `plan_*`? one tool alone is `tool = "plan_"`',
    ]);
  });

  it.each([
    ['upstream = "memory"', '1:1 bad-route: a route needs either `prefix` or `tool`'],
    [
      'prefix = "a*"\ntool = "b"\nupstream = "memory"',
      '1:1 bad-route: a route needs either `prefix` or `tool`',
    ],
    [
      'prefix = "a*b*"\nupstream = "memory"',
      '2:10 bad-value: `a*b*` is not a prefix / one `*`, at the end: `memory_*`',
    ],
    [
      'tool = "a*"\nupstream = "memory"',
      '2:8 bad-value: `a*` is not the name of a tool / a pattern is `prefix = "memory_*"`',
    ],
    ['prefix = "a*"', '1:1 missing-key: `routes.0.upstream` is missing'],
    ['prefix = "a*"\nupstream = []', '3:12 out-of-range: `routes.0.upstream`: must be at least 1 long'],
    [
      `prefix = "a*"\nupstream = ${JSON.stringify(Array.from({ length: 17 }, (_, i) => `http://a:${i + 1}`))}`,
      '3:12 bad-value: `routes.0.upstream`: an upstream is the name or the URL of a server, or a list of at most 16',
    ],
    [
      'prefix = "a*"\nupstreams = "memory"\nupstream = "memory"',
      '3:1 unknown-key: unknown key `routes.0.upstreams` / did you mean `upstream`?',
    ],
    [
      'prefix = "a*"\nupstream = ["memory", "archive"]\norder = "first"',
      '4:9 unknown-value: `routes.0.order`: expected one of `all`, `first-success`',
    ],
    [
      'prefix = "a*"\nupstream = ["memory", "memory"]',
      '3:23 duplicate-name: server `memory` is in this route already',
    ],
    [
      'prefix = "a*"\nupstream = ["archive", "https://archive.example.org/mcp"]',
      '3:24 duplicate-name: server `archive` is in this route already',
    ],
    [
      'prefix = "a*"\nupstream = ["memory", "archive"]\norder = "first-success"\nfailure = "strict"',
      '5:11 bad-route: `failure` means nothing for `order = "first-success"`',
    ],
    [
      'prefix = "a*"\nupstream = ["memory"]\nfailure = "strict"',
      '4:11 bad-route: `failure` means nothing for one upstream',
    ],
    [
      'prefix = "a*"\nupstream = "ftp://memory"',
      '3:12 bad-value: `ftp://memory` is no HTTP URL / for example http://memory:8080',
    ],
    [
      'prefix = "a*"\nupstream = "https://user:pass@memory"',
      '3:12 bad-value: a URL holds no credential / declare it under `[[servers]]` and name it here, with `headers`',
    ],
    [
      'prefix = "a*"\nupstream = ["http://a:1/x", "http://a:1/y"]',
      '3:29 bad-value: `a-1` is another server already / declare it under `[[servers]]` and name it here',
    ],
    [
      'prefix = "a*"\nupstream = "http://memory"',
      '3:12 bad-value: `memory` is another server already / declare it under `[[servers]]` and name it here',
    ],
  ])('%j', async (route, want) => {
    expect(await faults(`[[routes]]\n${route}\n`)).toEqual([want]);
  });

  it('never repeat a credential that stands in a URL', async () => {
    const said = await faults('[[routes]]\nprefix = "a*"\nupstream = "https://user:hunter2@memory"\n');
    expect(said.join()).not.toContain('hunter2');
  });
});

describe('the reference on routes', () => {
  const file = new URL('../../../../docs/reference/routes.md', import.meta.url);
  const printed = [...readFileSync(file, 'utf8').matchAll(/^```toml\n(.*?)^```$/gms)].map(
    ([, text = '']) => text,
  );

  it('prints configurations that load', async () => {
    expect(printed).toHaveLength(3);
    for (const text of printed) expect((await loaded(text)).routes.length).toBeGreaterThan(0);
  });

  it('names every key', () => {
    const keys = Object.keys(configurationSchema.shape.routes.unwrap().element.shape);
    const rows = [...readFileSync(file, 'utf8').matchAll(/^\| `(\w+)` \|.*\|.*\|$/gm)].map(([, key]) => key);
    expect(rows.filter((row) => keys.includes(row ?? ''))).toEqual(keys);
  });
});
