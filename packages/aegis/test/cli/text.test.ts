import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../src/cli/diff.ts';
import { maskOf } from '../../src/cli/mask.ts';
import { serverNameOf } from '../../src/cli/server-name.ts';

describe('the name of a server that is known by its command', () => {
  it.each([
    [['npx', '-y', '@modelcontextprotocol/server-filesystem@2026.8.31', '.'], 'server-filesystem'],
    [['npx', 'server-memory'], 'server-memory'],
    [['uvx', 'mcp-server-git', '--repository', '.'], 'mcp-server-git'],
    [['/usr/bin/node', './dist/My Server.js', '--x'], 'My-Server'],
    [['python3', '-u', 'servers/weather.py'], 'weather'],
    [['pnpm', 'dlx', '@acme/tool'], 'tool'],
    [['docker', 'run', '-i', 'mcp/fetch'], 'docker'],
    [['C:\\tools\\server.exe'], 'server'],
    [['@'], 'server'],
    [['node'], 'node'],
  ])('%j: %s', (command, name) => {
    expect(serverNameOf(command)).toBe(name);
  });

  it('is always one that the configuration takes', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), (command) => {
        expect(serverNameOf(command)).toMatch(/^[a-z0-9][a-z0-9_-]{0,62}$/i);
      }),
    );
  });
});

describe('a difference', () => {
  it('shows what changes, with a little around it', () => {
    const old = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].join('\n');
    expect(unifiedDiff('x', old, old.replace('d\n', 'D\nD2\n'))).toBe(
      '--- x\n+++ x\n@@ -2 +2 @@\n b\n c\n-d\n+D\n+D2\n e\n f\n',
    );
  });

  it('of a new file shows all of it', () => {
    expect(unifiedDiff('x', undefined, 'a\nb\n')).toBe('--- (no such file)\n+++ x\n@@ -1 +1 @@\n+a\n+b\n');
  });

  it('leads from the one text to the other, whatever they are', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 });
    fc.assert(
      fc.property(text, text, (old, now) => {
        const lines = unifiedDiff('x', old.join('\n'), now.join('\n')).split('\n').slice(2, -1);
        const of = (marks: string): string[] =>
          lines.filter((line) => marks.includes(line[0] ?? '@')).map((line) => line.slice(1));
        const count = (list: readonly string[], of: string): number =>
          list.filter((one) => one === of).length;
        for (const one of ['a', 'b', 'c']) {
          expect(count(of('+'), one) - count(of('-'), one)).toBe(count(now, one) - count(old, one));
        }
      }),
    );
  });

  it('cannot move the cursor, and shows no credential', () => {
    const mask = maskOf('x.json', ['{ "token": "hunter2\\u001b" }']);
    const shown = unifiedDiff('x', '', '\u001b[2J\t"hunter2\\u001b"\n', mask);
    expect(shown).toContain('+\uFFFD[2J    "[secret]"');
  });
});

describe('what is masked', () => {
  it.each([
    ['aegis.toml', 'env = { A = "q8Zk3VnW0xYt7LmPqRsT" }', true],
    ['aegis.toml', 'password = "hunter2!"', true],
    ['aegis.toml', 'token = { file = ".aegis/agent-token" }', false],
    ['aegis.toml', 'token = { env = "GITHUB_TOKEN_9876543210" }', false],
    ['aegis.toml', '[store]\ndsn = "file:.aegis/aegis.db"', false],
    ['c.json', '{ "env": { "KEY": "${env:SOMETHING_SECRET}" } }', false],
    ['c.json', '{ "oauth": { "accessToken": "aaaaaaaa" } }', true],
    ['c.json', '{ "args": ["--token", "aaaaaaaa"] }', true],
    ['c.json', '{ "history": ["some words of a person"] }', false],
  ])('%s %s: %s', (file, text, masked) => {
    const shown = text
      .split('\n')
      .map(maskOf(file, [text]))
      .join('\n');
    expect(shown !== text).toBe(masked);
  });
});
