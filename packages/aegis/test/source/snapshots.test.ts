import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decide, DEFAULT_SETTINGS, NO_FACTS, startSnapshot } from '@aegis/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolvePath } from '../../src/inspect/resolve-path.ts';
import { sha256 } from '../../src/platform.ts';
import { loadRuleset } from '../../src/source/ruleset.ts';
import { type Snapshots, snapshotsIn } from '../../src/source/snapshots.ts';

let folder: string;

beforeEach(() => {
  folder = resolvePath(mkdtempSync(join(tmpdir(), 'aegis-snapshots-')));
  writeFileSync(join(folder, 'own.toml'), policyOf('own', 'deny'));
  writeFileSync(join(folder, 'team.toml'), policyOf('team', 'allow'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Rules of every kind that a snapshot has to give back, and enough of them to be kept. */
function policyOf(who: string, last: string): string {
  const many = Array.from({ length: 120 }, (_, i) =>
    [
      '[[policies]]',
      `name = "${who}-${i}"`,
      'action = "require_approval"',
      `when = { tool_name = "tool_${i}", path = { under = "data" } }`,
      i % 100 === 0 ? 'condition = "args.amount > 5.0"' : `reason = "${'for this reason '.repeat(40)}"`,
    ].join('\n'),
  );
  const end = `[[policies]]\nname = "${who}-last"\naction = "${last}"\ntime = { from = "00:00", to = "23:59", zone = "UTC" }`;
  return [...many, end].join('\n');
}

/** What was asked of the snapshots. */
function watched(snapshots: Snapshots) {
  const seen = { found: 0, written: 0 };
  const watching: Snapshots = {
    read: async (key) => {
      const text = await snapshots.read(key);
      if (text !== undefined) seen.found++;
      return text;
    },
    write: async (key, text) => {
      seen.written++;
      await snapshots.write(key, text);
    },
  };
  return { seen, watching };
}

const cache = () => join(folder, 'cache');
const kept = () => join(cache(), 'policy.snapshot');

async function load() {
  const { seen, watching } = watched(snapshotsIn(cache()));
  const { mode, limits, risk } = DEFAULT_SETTINGS;
  const { ruleset, diagnostics } = await loadRuleset(
    {
      rules: undefined,
      policyFiles: [join(folder, 'own.toml')],
      layers: [{ name: 'team', mode: 'enforce', policyFiles: [join(folder, 'team.toml')] }],
      servers: [],
      agents: [],
      trust: { mode: 'dev', keys: [] },
      settings: { mode, limits, risk },
      resolvePath,
      snapshots: watching,
    },
    sha256,
  );
  return { policy: ruleset?.policy, diagnostics, seen };
}

function say(policy: Awaited<ReturnType<typeof load>>['policy'], tool: string, args: object = {}) {
  if (policy === undefined) throw new Error('there is no policy');
  const who = { tenant: 'acme', agent: 'ada', user: 'ada', session: 'ses_1' };
  const nowMs = Date.UTC(2026, 0, 5, 12);
  return decide(policy, {
    request: {
      id: 'call',
      subject: who,
      action: { method: 'tools/call', door: 'mcp-http' },
      resource: { kind: 'tool', server: 's', name: tool },
      args: { path: join(folder, 'data', 'x'), ...args },
      nowMs,
    },
    facts: {
      ...NO_FACTS,
      capabilities: ['fs.read'],
      paths: [{ given: 'x', real: join(folder, 'data', 'x') }],
    },
    snapshot: { ...startSnapshot(who), startedAtMs: nowMs },
    receipts: new Map(),
    callFingerprint: 'f',
    server: {
      server: 's',
      tools: new Map([[tool, { name: tool, capabilities: ['fs.read'], args: new Map(), requires: [] }]]),
      receipts: [],
      fs: { readRoots: [folder], writeRoots: [folder] },
      clientRequests: new Set(),
      protectedTables: [],
    },
  });
}

describe('a snapshot of a policy', () => {
  it('is written by the first start and read by the next one, and decides alike', async () => {
    const first = await load();
    const next = await load();
    expect([first.seen, next.seen]).toEqual([
      { found: 0, written: 1 },
      { found: 1, written: 0 },
    ]);
    expect(next.policy?.digest).toBe(first.policy?.digest);
    expect(next.policy?.rules.map(({ name, at }) => [name, at])).toEqual(
      first.policy?.rules.map(({ name, at }) => [name, at]),
    );
    for (const [tool, args] of [
      ['tool_1', {}],
      ['tool_100', { amount: 9 }],
      ['tool_100', { amount: 1 }],
      ['tool_100', {}],
      ['other', {}],
    ] as const) {
      expect(say(next.policy, tool, args)).toEqual(say(first.policy, tool, args));
    }
    expect(say(next.policy, 'tool_1').effect).toBe('require_approval');
  });

  it('is not for a text of which one letter changed', async () => {
    const first = await load();
    writeFileSync(join(folder, 'own.toml'), policyOf('own', 'allow'));
    const next = await load();
    expect(next.seen).toEqual({ found: 0, written: 1 });
    expect(next.policy?.digest).not.toBe(first.policy?.digest);
    expect([say(first.policy, 'other').effect, say(next.policy, 'other').effect]).toEqual(['deny', 'allow']);
  });

  it('does not outlive a file that was moved to where its paths mean something else', async () => {
    await load();
    const other = resolvePath(mkdtempSync(join(tmpdir(), 'aegis-snapshots-')));
    try {
      const before = folder;
      const [secret, text] = [readFileSync(join(cache(), 'policy.key')), readFileSync(kept(), 'utf8')];
      folder = other;
      writeFileSync(join(folder, 'own.toml'), policyOf('own', 'deny'));
      writeFileSync(join(folder, 'team.toml'), policyOf('team', 'allow'));
      await load();
      writeFileSync(join(cache(), 'policy.key'), secret);
      writeFileSync(kept(), text);
      expect((await load()).seen.found).toBe(0);
      folder = before;
    } finally {
      rmSync(other, { recursive: true, force: true });
    }
  });

  it.each<readonly [string, (text: string) => string]>([
    ['one rule of it was changed', (text) => text.replace('"action":"deny"', '"action":"allow"')],
    ['it was cut off', (text) => text.slice(0, -10)],
    ['it is empty', () => ''],
    ['its code is another one', (text) => text.replace(/^./, (first) => (first === '0' ? '1' : '0'))],
  ])('is ignored and made again when %s', async (_name, change) => {
    await load();
    const before = readFileSync(kept(), 'utf8');
    const after = change(before);
    expect(after).not.toBe(before);
    writeFileSync(kept(), after);
    const next = await load();
    expect(next.seen).toEqual({ found: 0, written: 1 });
    expect(say(next.policy, 'other').effect).toBe('deny');
    expect((await load()).seen).toEqual({ found: 1, written: 0 });
  });

  it('is ignored when it was written with another key', async () => {
    await load();
    writeFileSync(join(cache(), 'policy.key'), Buffer.alloc(32));
    expect((await load()).seen.found).toBe(0);
  });

  it.skipIf(process.platform === 'win32')(
    'is ignored when others may write it, or it is a link',
    async () => {
      await load();
      expect(statSync(kept()).mode & 0o777).toBe(0o600);
      chmodSync(kept(), 0o620);
      expect((await load()).seen.found).toBe(0);
      const text = readFileSync(kept());
      rmSync(kept());
      writeFileSync(join(folder, 'elsewhere'), text, { mode: 0o600 });
      symlinkSync(join(folder, 'elsewhere'), kept());
      expect((await load()).seen.found).toBe(0);
    },
  );

  it('does without a folder that cannot be written', async () => {
    writeFileSync(cache(), 'a file');
    expect((await load()).policy?.rules.length).toBe(242);
  });

  it('is not kept of a policy with a mistake, nor of a small one', async () => {
    writeFileSync(join(folder, 'team.toml'), `${policyOf('team', 'allow')}\nbad = 1\n`);
    const wrong = await load();
    expect([wrong.policy, wrong.seen.written]).toEqual([undefined, 0]);
    writeFileSync(join(folder, 'own.toml'), '');
    writeFileSync(join(folder, 'team.toml'), '[[policies]]\nname = "r"\naction = "allow"\n');
    expect((await load()).seen.written).toBe(0);
  });
});
