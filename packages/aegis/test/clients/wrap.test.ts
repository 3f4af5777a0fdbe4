import { canonicalJson } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { runsAegis } from '../../src/clients/aegis-entry.ts';
import { openSection, planWrap } from '../../src/clients/wrap.ts';
import { planUnwrap } from '../../src/clients/unwrap.ts';
import { addServer, serverBlock } from '../../src/config/edit-servers.ts';
import { readConfiguration } from '../../src/config/load.ts';
import { GOLDEN, type GoldenCase, golden, inputOf } from './golden.ts';

const plan = (one: GoldenCase, text = golden(one, 'before')) => planWrap(inputOf(one, text));

function undone(one: GoldenCase, now: string): string {
  const { client, place } = one;
  const { entry, moved } = plan(one);
  const texts = { before: golden(one, 'before'), after: golden(one, 'after'), now };
  return planUnwrap({ client, place, ...texts, entry, moved: moved.map(({ from }) => from) });
}

describe.each(GOLDEN)('wrapping $name', (one) => {
  it('gives the file that was expected, to the byte', () => {
    expect(plan(one).text).toBe(golden(one, 'after'));
  });

  it('gives servers that the configuration loads', () => {
    const blocks = plan(one).moved.map(({ server }) => serverBlock(server));
    expect(blocks.join('\n')).toBe(golden(one, 'servers'));
    expect(readConfiguration('/c/aegis.toml', blocks.join('\n')).diagnostics).toEqual([]);
  });

  it('leaves what cannot be carried, and says why', () => {
    const { left } = plan(one);
    expect(Object.fromEntries(left.map(({ name, why }) => [name, why]))).toEqual(one.left);
    const after = openSection(golden(one, 'after'), one.place, one.client);
    for (const { name } of left) expect(after?.rawOf(name)).toBeDefined();
  });

  it('puts credentials into files, and into no text of the configuration', () => {
    const { secrets, moved } = plan(one);
    expect(Object.fromEntries(secrets.map(({ file, value }) => [file, value]))).toEqual(one.secrets);
    const written = moved.map(({ server }) => serverBlock(server)).join('\n');
    for (const { value } of secrets) {
      if (value.length > 3) expect(written).not.toContain(value);
      if (value.length > 3) expect(golden(one, 'after')).not.toContain(value);
    }
  });

  it('is undone to the byte', () => {
    expect(undone(one, golden(one, 'after'))).toBe(golden(one, 'before'));
  });

  it('is undone in a file that changed since, and keeps the change', () => {
    const after = golden(one, 'after');
    const changed =
      one.client.format === 'toml'
        ? `${after}\n[added]\nlater = true\n`
        : after.replace(/^(\uFEFF?)\{/, '$1{ "added": { "later": true },');
    const restored = undone(one, changed);
    const section = openSection(restored, one.place, one.client);
    const original = openSection(golden(one, 'before'), one.place, one.client);
    expect(canonicalJson(Object.fromEntries(section?.servers ?? []))).toBe(
      canonicalJson(Object.fromEntries(original?.servers ?? [])),
    );
    expect(section?.document).toMatchObject({ added: { later: true } });
  });

  it('has nothing to do a second time', () => {
    const again = plan(one, golden(one, 'after'));
    expect(again.text).toBe(golden(one, 'after'));
    expect(again.moved).toEqual([]);
  });
});

describe('a wrap', () => {
  const cursor = GOLDEN.find(({ name }) => name === 'cursor') as GoldenCase;
  const wrap = (servers: Record<string, unknown>, more: Partial<Parameters<typeof planWrap>[0]> = {}) =>
    planWrap({ ...inputOf(cursor, JSON.stringify({ mcpServers: servers }, null, 2)), ...more });

  it('adds to the entry that is there when servers have come since', () => {
    const first = wrap({ a: { command: 'a', env: { A: '${env:A}' } } });
    const text = first.text.replace(
      '"mcpServers": {',
      '"mcpServers": {\n    "b": { "command": "b", "env": { "B": "${env:B}" } },',
    );
    const second = planWrap(inputOf(cursor, text));
    expect(JSON.parse(second.text)).toMatchObject({
      mcpServers: { aegis: { env: { AEGIS_A_A: '${env:A}', AEGIS_B_B: '${env:B}' } } },
    });
    expect(Object.keys((JSON.parse(second.text) as { mcpServers: object }).mcpServers)).toEqual(['aegis']);
  });

  it('moves only the servers that were named', () => {
    const { moved, text } = wrap({ a: { command: 'a' }, b: { command: 'b' } }, { only: ['b'] });
    expect(moved.map(({ from }) => from)).toEqual(['b']);
    expect(JSON.parse(text)).toMatchObject({ mcpServers: { a: { command: 'a' }, aegis: {} } });
  });

  it('does not add a server twice, and does not confuse two of the same name', () => {
    const configured = [{ name: 'a', command: ['a'], cwd: '../..', env: { HOME: '/home/ana' } }];
    expect(wrap({ a: { command: 'a' } }, { configured }).moved).toMatchObject([
      { known: true, server: { name: 'a' } },
    ]);
    expect(wrap({ a: { command: 'other' } }, { configured }).moved).toMatchObject([
      { known: false, server: { name: 'cursor-a' } },
    ]);
    expect(wrap({ 'a!': { command: 'x' }, 'a?': { command: 'y' } }).moved).toMatchObject([
      { server: { name: 'a' } },
      { server: { name: 'cursor-a' } },
    ]);
  });

  it('never writes a credential over a file that is there', () => {
    const { secrets } = wrap(
      { a: { command: 'a', env: { TOKEN: 'abcdefghij' } } },
      { isTaken: (file) => file === '.aegis/secrets/a.TOKEN' },
    );
    expect(secrets).toMatchObject([{ file: '.aegis/secrets/a.TOKEN-2' }]);
  });

  it('gives its entry another name when somebody has taken `aegis`', () => {
    const { entry, text } = wrap({ aegis: { command: 'theirs', envFile: 'x' }, a: { command: 'a' } });
    expect(entry).toBe('aegis-2');
    expect(JSON.parse(text)).toMatchObject({ mcpServers: { aegis: { command: 'theirs' } } });
  });

  it('adds what it gives to a configuration without changing the rest', () => {
    const before = '# mine\nmode = "shadow"\n';
    const [first] = wrap({ a: { command: 'a' } }).moved;
    if (first === undefined) throw new Error('nothing was moved');
    const after = addServer(before, 'aegis.toml', first.server);
    expect(after.startsWith(before)).toBe(true);
  });
});

describe('what runs Aegis already', () => {
  it.each([
    [{ command: 'aegis', args: ['mcp'] }, true],
    [{ command: '/usr/bin/node', args: ['/x/bin/aegis.js', 'mcp', '--config', '/c'] }, true],
    [{ command: 'C:\\x\\aegis.cmd', args: ['mcp', '--', 'npx', 'y'] }, true],
    [{ command: 'aegis', args: ['start'] }, false],
    [{ command: 'npx', args: ['-y', 'x', 'aegis', 'mcp'] }, false],
    [{ command: 'aegis-mcp', args: ['mcp'] }, false],
    ['aegis mcp', false],
  ])('%j: %s', (entry, runs) => {
    expect(runsAegis(entry)).toBe(runs);
  });
});
