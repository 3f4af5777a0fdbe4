import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide.ts';
import { inspect } from '../../src/inspect/inspect.ts';
import type { InspectPlatform, ParsedUrl } from '../../src/inspect/platform.ts';
import type { ArgumentKind, ToolManifest } from '../../src/manifest/manifest.ts';
import type { Facts } from '../../src/model/finding.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { ALLOW_ALL, call, type CallSketch, manifest, policyOf } from '../policy/call.ts';

// The parser of the platform that runs the tests; this package has none of its own.
const { URL } = globalThis as unknown as { URL: { parse(text: string): ParsedUrl | null } };

const platform: InspectPlatform = {
  sql: { postgresql: () => [], sqlite: () => [], mysql: () => [] },
  shell: () => ({ commands: [] }),
  resolvePath: (path) => path,
  parseUrl: (text) => URL.parse(text) ?? undefined,
  baseDir: '/srv',
  homeDir: '/home/agent',
};

function look(sketch: CallSketch, change: Partial<InspectPlatform> = {}): Facts {
  const { request, server } = call(sketch);
  return inspect({ request, server, platform: { ...platform, ...change } });
}

function tool(args: Record<string, ArgumentKind>, rest: Partial<ToolManifest> = {}): CallSketch {
  const entries = new Map(Object.entries(args));
  return {
    tool: 't',
    manifest: manifest([{ name: 't', args: entries, capabilities: ['fs.read'], ...rest }]),
  };
}

const ids = ({ findings }: Facts) => findings.map(({ id, at }) => `${id} ${at}`);
const reals = ({ paths }: Facts) => paths.map(({ real }) => real);
const hosts = ({ urls }: Facts) => urls.map(({ host }) => host);

describe('what a manifest says an argument is', () => {
  it('a path is a path however it looks, and a text never is one', () => {
    const facts = look({
      ...tool({ a: { kind: 'path' }, b: { kind: 'text' }, c: { kind: 'id' } }),
      args: { a: 'notes', b: '/etc/passwd', c: '../up' },
    });
    expect(reals(facts)).toEqual(['/srv/notes']);
    expect(facts.findings).toEqual([]);
  });

  it('a host is one without a scheme', () => {
    const facts = look({ ...tool({ h: { kind: 'host' } }), args: { h: 'API.example.org:8443' } });
    expect(hosts(facts)).toEqual(['api.example.org']);
  });

  it('holds for everything in a list or a table, and at a path of keys', () => {
    const sketch = tool({ many: { kind: 'path' }, 'options.out': { kind: 'path' } });
    const args: JsonObject = { many: ['a', { deep: 'b' }], options: { out: 'c', note: '/d e' } };
    expect(reals(look({ ...sketch, args }))).toEqual(['/srv/a', '/srv/b', '/srv/c', '/d e']);
  });

  it.each<[ArgumentKind, string]>([
    [{ kind: 'path' }, 'GUARD_PATH'],
    [{ kind: 'url' }, 'GUARD_SSRF'],
    [{ kind: 'host' }, 'GUARD_SSRF'],
    [{ kind: 'sql', dialect: 'sqlite' }, 'GUARD_SQL'],
  ])('%j that is no text denies with %s', (kind, code) => {
    for (const value of [5, true]) {
      const facts = look({ ...tool({ x: kind }), args: { x: value } });
      expect(facts.findings).toMatchObject([{ at: '/x', denies: code }]);
    }
    expect(look({ ...tool({ x: kind }), args: { x: null } }).findings).toEqual([]);
  });
});

describe('an argument of which nothing is declared', () => {
  it.each([
    ['note', '/etc/passwd', '/etc/passwd'],
    ['note', '../up', '/up'],
    ['note', '~/.ssh/id_rsa', '/home/agent/.ssh/id_rsa'],
    ['note', 'file:///etc/hosts', '/etc/hosts'],
    ['outputPath', 'a.txt', '/srv/a.txt'],
    ['target_dir', 'a', '/srv/a'],
  ])('%s = %s is read as a path', (key, value, real) => {
    expect(reals(look({ args: { [key]: value } }))).toContain(real);
  });

  it.each([
    ['note', 'just words'],
    ['note', 'a/b'],
    ['path', ''],
    ['path', 'two\nlines'],
    ['pathology', 'report'],
  ])('%s = %j is not', (key, value) => {
    expect(look({ args: { [key]: value } }).paths).toEqual([]);
  });

  it('that begins with a URL is read as one', () => {
    const facts = look({ args: { q: 'http://127.0.0.1/x and more', path: 'https://a.org/b' } });
    expect(hosts(facts)).toEqual(['127.0.0.1', 'a.org']);
    expect(facts.paths).toEqual([]);
    expect(ids(facts)).toEqual(['url.internal /q']);
  });

  it('has a place that says exactly where it stands', () => {
    const facts = look({ args: { 'a/b': [{ '~c': 'http://10.0.0.1/' }] } });
    expect(ids(facts)).toEqual(['url.internal /a~1b/0/~0c']);
  });
});

describe('effective capabilities', () => {
  const sql: ArgumentKind = { kind: 'sql', dialect: 'postgresql' };
  const declared = { capabilities: ['db.read', 'db.destroy', 'data.export'] } as const;

  it('are the declared ones', () => {
    expect(look(tool({})).capabilities).toEqual(['fs.read']);
  });

  it('are `unclassified` for a tool that is in no manifest', () => {
    expect(look({ tool: 'other', manifest: manifest([]) }).capabilities).toEqual(['unclassified']);
    expect(look({ tool: 'other' }).capabilities).toEqual(['unclassified']);
  });

  it('keep their `db.*` when the call has no statement', () => {
    const sketch = { ...tool({ sql }, declared), args: { sql: null } };
    expect(look(sketch).capabilities).toEqual(declared.capabilities);
  });

  it('keep their `db.*` when a statement cannot be judged, beside one that can', () => {
    const unreadable: InspectPlatform['sql']['postgresql'] = (text) => {
      if (text === 'bad') throw new Error('syntax error');
      return { stmts: [{ stmt: { SelectStmt: { targetList: [] } } }] };
    };
    const change = { sql: { ...platform.sql, postgresql: unreadable } };
    const one = look({ ...tool({ sql }, declared), args: { sql: 'select' } }, change);
    expect(one.capabilities).toEqual(['data.export', 'db.read']);
    for (const statements of [['bad'], ['bad', 'select'], ['select', 'bad']]) {
      const facts = look({ ...tool({ sql }, declared), args: { sql: statements } }, change);
      expect(facts.capabilities).toEqual(declared.capabilities);
      expect(facts.findings.some(({ denies }) => denies !== undefined)).toBe(true);
    }
  });

  it.each([
    ['file:///etc/hosts', ['fs.read']],
    ['FILE:/etc/hosts', ['fs.read']],
    ['https://a.org/x', ['net.egress']],
    ['objects://gold/x', []],
  ])('of reading the resource %s are %j', (uri, capabilities) => {
    const facts = look({ kind: 'resource', tool: uri, method: 'resources/read' });
    expect(facts.capabilities).toEqual(capabilities);
  });

  it('of a prompt are none', () => {
    expect(look({ kind: 'prompt', tool: 'greet', method: 'prompts/get' }).capabilities).toEqual([]);
  });
});

describe('reading a resource', () => {
  it('is judged by what its URI reaches', () => {
    expect(reals(look({ kind: 'resource', tool: 'file:///srv/%2e%2e/etc/x' }))).toEqual([]);
    expect(ids(look({ kind: 'resource', tool: 'file:///srv/%2e%2e/etc/x' }))).toEqual([
      'path.encoded_traversal ',
    ]);
    expect(hosts(look({ kind: 'resource', tool: 'http://169.254.169.254/' }))).toEqual(['169.254.169.254']);
    expect(look({ kind: 'resource', tool: 'http://169.254.169.254/' }).findings).toMatchObject([
      { id: 'url.metadata', denies: 'GUARD_SSRF' },
    ]);
  });
});

describe('an inspector that fails', () => {
  const fails = (): never => {
    throw new Error('planted');
  };

  it.each<[string, CallSketch, Partial<InspectPlatform>]>([
    ['path', { args: { path: '/x' } }, { resolvePath: fails }],
    ['url', { args: { u: 'https://a.org/' } }, { parseUrl: fails }],
    ['path', { kind: 'resource', tool: 'file:///x' }, { resolvePath: fails }],
  ])('is a finding that denies: %s', (inspector, sketch, change) => {
    const facts = look(sketch, change);
    expect(facts.findings).toMatchObject([{ id: `${inspector}.failed`, denies: 'INTERNAL_ERROR' }]);
    expect(JSON.stringify(facts)).not.toContain('planted');
    const decision = decide(policyOf([ALLOW_ALL]), { ...call(sketch), facts });
    expect(decision).toMatchObject({ effect: 'deny', reasons: [{ code: 'INTERNAL_ERROR' }] });
  });
});

describe('the size of what is looked at', () => {
  const nested = (depth: number): JsonObject => (depth === 0 ? { path: '/x' } : { a: nested(depth - 1) });

  it('has a bound on the number of values', () => {
    const args = { many: Array.from({ length: 10_000 }, () => 1) };
    expect(look({ args }).findings).toEqual([]);
    const more = look({ args: { many: [...args.many, 1] } });
    expect(more.findings).toMatchObject([{ id: 'args.too_many', denies: 'PROTOCOL_VIOLATION' }]);
  });

  it('has a bound on the depth', () => {
    expect(reals(look({ args: nested(63) }))).toEqual(['/x']);
    expect(look({ args: nested(64) }).findings).toMatchObject([{ denies: 'PROTOCOL_VIOLATION' }]);
  });

  it('is linear in the arguments', () => {
    const args = { many: Array.from({ length: 9_000 }, (_, n) => `/srv/${'a/'.repeat(100)}${n}`) };
    expect(reals(look({ args }))).toHaveLength(9_000);
  });
});

describe('keys that JavaScript objects have by themselves', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    '%s is an argument as any other',
    (key) => {
      const args = JSON.parse(`{"${key}": {"path": "/etc/x"}, "q": "http://10.0.0.1/"}`) as JsonObject;
      const facts = look({ args });
      expect(reals(facts)).toEqual(['/etc/x']);
      expect(ids(facts)).toEqual(['url.internal /q']);
    },
  );

  it.each(['__proto__', 'constructor', 'toString'])('a tool named %s is in no manifest', (name) => {
    expect(look({ tool: name, manifest: manifest([]) }).capabilities).toEqual(['unclassified']);
  });
});
