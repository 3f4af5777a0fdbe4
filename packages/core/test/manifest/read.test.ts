import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../src/diagnostic.ts';
import { readManifest } from '../../src/manifest/read.ts';
import { readDocument } from '../../src/source/document.ts';

function read(text: string) {
  const document = readDocument({ text, file: 'm.yaml' });
  return readManifest(document, {
    resolve: (path) => {
      if (path === 'loop') throw new Error('ELOOP');
      return `/srv/${path}`;
    },
  });
}

/** Everything that is wrong, as `line:column code`. */
function faults(text: string): string[] {
  const { manifest, diagnostics } = read(text);
  expect(manifest === undefined).toBe(diagnostics.length > 0);
  return diagnostics.map(({ at, code }) => `${at.line}:${at.column} ${code}`);
}

const RECEIPT = `server: s
tools:
  check: { capabilities: [data.validate] }
  stat: { capabilities: [fs.read] }
  put: { capabilities: [fs.write] }
receipts:
  done:
`;

describe('what a manifest says of results', () => {
  it('holds for a tool, or for every tool of the server', () => {
    const { manifest } = read(`server: s
returns: { labels: [crm] }
tools:
  own: { capabilities: [db.read], returns: { labels: [] } }
  other: { capabilities: [db.read] }
`);
    expect(manifest?.returns).toEqual(['crm']);
    expect(manifest?.tools.get('own')?.returns).toEqual([]);
    expect(manifest?.tools.get('other')).not.toHaveProperty('returns');
  });

  it('is refused when it is no list of labels', () => {
    expect(faults('server: s\nreturns: { labels: [Not one] }\n')).toEqual(['2:21 unknown-value']);
    expect(faults('server: s\nreturns: {}\n')).toEqual(['2:10 missing-key']);
    expect(faults('server: s\nreturns: [x]\n')).toEqual(['2:10 wrong-type']);
  });
});

describe('a manifest', () => {
  it('is read whole', () => {
    const { manifest, diagnostics } = read(`server: s
fs: { read_roots: [data, docs], write_roots: [data] }
net: { domains: ['*.example.org', 'api.example.com', '10.0.0.?', '2606:4700::1111'] }
protected_tables: [audit.*]
tools:
  query: { capabilities: [db.read, db.write], args: { sql: sql(mysql), options.path: path } }
  quiet: { capabilities: [] }
  promote:
    capabilities: [data.promote]
    risk: low
    requires: [done, { receipt: other, subject: dataset }]
  stat: { capabilities: [fs.read] }
receipts:
  done:
    minted_by: query
    when: { valid: true, errors: 0, note: null }
    subject: key
    content: { tool: stat, field: sha256 }
    ttl_ms: 1000
client_requests: [sampling/createMessage, roots/list]
`);
    expect(diagnostics).toEqual([]);
    expect(manifest).toEqual({
      server: 's',
      clientRequests: new Set(['sampling/createMessage', 'roots/list']),
      fs: { readRoots: ['/srv/data', '/srv/docs'], writeRoots: ['/srv/data'] },
      net: { domains: ['*.example.org', 'api.example.com', '10.0.0.?', '2606:4700::1111'] },
      protectedTables: ['audit.*'],
      tools: new Map([
        [
          'query',
          {
            name: 'query',
            capabilities: ['db.read', 'db.write'],
            args: new Map([
              ['sql', { kind: 'sql', dialect: 'mysql' }],
              ['options.path', { kind: 'path' }],
            ]),
            requires: [],
          },
        ],
        ['quiet', { name: 'quiet', capabilities: [], args: new Map(), requires: [] }],
        [
          'promote',
          {
            name: 'promote',
            capabilities: ['data.promote'],
            args: new Map(),
            risk: 'low',
            requires: [
              { receipt: 'done', subject: '' },
              { receipt: 'other', subject: 'dataset' },
            ],
          },
        ],
        ['stat', { name: 'stat', capabilities: ['fs.read'], args: new Map(), requires: [] }],
      ]),
      receipts: [
        {
          name: 'done',
          server: 's',
          mintedBy: 'query',
          when: { valid: true, errors: 0, note: null },
          subject: 'key',
          content: { tool: 'stat', field: 'sha256' },
          ttlMs: 1000,
        },
      ],
    });
  });

  it('with nothing but a server declares nothing', () => {
    expect(read('server: s').manifest).toEqual({
      server: 's',
      tools: new Map(),
      receipts: [],
      clientRequests: new Set(),
      protectedTables: [],
    });
  });

  it('reports everything that is wrong with it at once, with places and suggestions', () => {
    const { diagnostics } = read(`sever: files
fs: { read_root: [a] }
tools:
  read: { capabilities: [fs.raed], args: { path: pth, sql: sql(postgres) } }
  write: { risk: hihg }
receipts:
  done: { minted_by: reed, when: {}, subject: key, content: { tool: write, field: sha }, ttl_ms: 0 }
`);
    expect(diagnostics.map(formatDiagnostic)).toEqual([
      'm.yaml:1:1: unknown key `sever`\n  help: did you mean `server`?',
      'm.yaml:1:1: a manifest needs `server`',
      'm.yaml:2:7: unknown key `read_root`\n  help: did you mean `read_roots`?',
      'm.yaml:4:26: unknown capabilities `fs.raed`\n  help: did you mean `fs.read`?',
      'm.yaml:4:50: unknown kind of argument `pth`\n  help: did you mean `path`?',
      'm.yaml:4:60: unknown kind of argument `sql(postgres)`\n  help: did you mean `sql(postgresql)`?',
      'm.yaml:5:10: a tool needs `capabilities`\n  help: write `capabilities: []` for a tool that touches nothing',
      'm.yaml:5:18: unknown risk `hihg`\n  help: did you mean `high`?',
      'm.yaml:7:22: no tool `reed` in this manifest\n  help: did you mean `read`?',
      'm.yaml:7:34: a receipt needs `when`\n  help: name the fields of `structuredContent` that prove success, such as `{ valid: true }`',
      'm.yaml:7:98: `ttl_ms` must be a whole number from 1 to 2592000000',
    ]);
  });

  it.each([
    ['', ['1:1 wrong-type']],
    ['[a]', ['1:1 wrong-type']],
    ['server: 5', ['1:9 wrong-type']],
    ['server: "a\\nb"', ['1:9 bad-text']],
    ['server: s\ntools: []', ['2:8 wrong-type']],
    ['server: s\ntools: { a: 5 }', ['2:13 wrong-type']],
    ['server: s\ntools: { a: { capabilities: exec } }', ['2:29 wrong-type']],
    ['server: s\ntools: { a: { capabilities: [exec, exec] } }', ['2:36 duplicate-value']],
    ['server: s\ntools: { a: { capabilities: [unclassified] } }', ['2:30 unknown-value']],
    ['server: s\ntools: { a: { capabilities: [], args: [path] } }', ['2:39 wrong-type']],
    ['server: s\ntools: { a: { capabilities: [], args: { p: 5 } } }', ['2:44 wrong-type']],
    ['server: s\ntools: { a: { capabilities: [], requires: done } }', ['2:43 wrong-type']],
    ['server: s\ntools: { a: { capabilities: [], requires: [5] } }', ['2:44 wrong-type']],
    ['server: s\ntools: { a: { capabilities: [], requires: [{ receipt: x }] } }', ['2:44 missing-key']],
    [
      'server: s\ntools: { a: { capabilities: [], requires: [{ receipt: x, subject: y, of: z }] } }',
      ['2:70 unknown-key'],
    ],
    ['server: s\nfs: { read_roots: data }', ['2:19 wrong-type']],
    ['server: s\nfs: { write_roots: [loop] }', ['2:20 bad-path']],
    ['server: s\nnet: { domains: ["https://x.org"] }', ['2:18 bad-pattern']],
    [
      'server: s\nnet: { domains: ["x.org:443", "x.org/a", "x.org\\\\"] }',
      ['2:18 bad-pattern', '2:31 bad-pattern', '2:42 bad-pattern'],
    ],
    ['server: s\nnet: { domain: [] }', ['2:8 unknown-key']],
    ['server: s\nprotected_tables: audit', ['2:19 wrong-type']],
  ])('refuses %j', (text, want) => {
    expect(faults(text)).toEqual(want);
  });
});

describe('a receipt', () => {
  const GOOD = {
    minted_by: 'check',
    when: '{ valid: true }',
    subject: 'key',
    content: '{ tool: stat, field: sha256 }',
    ttl_ms: '1000',
  };

  function receipt(change: Partial<Record<string, string>>): string[] {
    const lines = Object.entries({ ...GOOD, ...change }).filter(([, value]) => value !== undefined);
    return faults(RECEIPT + lines.map(([key, value]) => `    ${key}: ${value}\n`).join(''));
  }

  it('is read when nothing is wrong with it', () => {
    expect(receipt({})).toEqual([]);
  });

  it.each(Object.keys(GOOD))('needs `%s`', (key) => {
    expect(receipt({ [key]: undefined })).toEqual(['8:5 missing-key']);
  });

  it.each([
    [{ minted_by: 'chek' }, '8:16 unknown-tool'],
    [{ minted_by: '[check]' }, '8:16 wrong-type'],
    [{ when: 'valid' }, '9:11 missing-key'],
    [{ when: '{ rows: [1] }' }, '9:19 wrong-type'],
    [{ subject: '""' }, '10:14 bad-text'],
    [{ content: 'stat' }, '11:14 wrong-type'],
    [{ content: '{ tool: stat, field: sha256, of: x }' }, '11:43 unknown-key'],
    [{ content: '{ tool: none, field: sha256 }' }, '11:22 unknown-tool'],
    // The kernel calls this tool by itself, so it must not be able to change anything.
    [{ content: '{ tool: put, field: sha256 }' }, '11:22 not-read-only'],
    [{ content: '{ tool: check, field: sha256 }' }, '11:22 not-read-only'],
    [{ ttl_ms: '0.5' }, '12:13 out-of-range'],
    [{ ttl_ms: '2592000001' }, '12:13 out-of-range'],
    [{ ttl_ms: '1h' }, '12:13 wrong-type'],
    [{ tll_ms: '5' }, '13:5 unknown-key'],
  ])('refuses %j', (change, want) => {
    expect(receipt(change)).toEqual([want]);
  });
});
