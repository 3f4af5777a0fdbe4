import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addServer, removeServer, type ServerBlock } from '../../src/config/edit-servers.ts';
import { readConfiguration } from '../../src/config/load.ts';

const FILE = '/c/aegis.toml';
const MEMORY: ServerBlock = { name: 'memory', command: ['npx', '-y', 'memory'] };
const BLOCK = '[[servers]]\nname = "memory"\ncommand = ["npx", "-y", "memory"]\n';
const A = '[[servers]]\nname = "a"\ncommand = ["a"]\n';

describe('adding a server', () => {
  it.each([
    ['an empty file', '', BLOCK],
    ['a file without servers', '# mine\nmode = "shadow"\n', `# mine\nmode = "shadow"\n\n${BLOCK}`],
    ['a file without a last line break', 'mode = "shadow"', `mode = "shadow"\n\n${BLOCK}`],
    [
      'a file with a server',
      `${A}\n# about agents\n[stdio]\nagent = "x"\n`,
      `${A}\n${BLOCK}\n# about agents\n[stdio]\nagent = "x"\n`,
    ],
    [
      'a server with sub-tables',
      `${A}\n[servers.env]\nX = "1"\n\n[stdio]\n`,
      `${A}\n[servers.env]\nX = "1"\n\n${BLOCK}\n[stdio]\n`,
    ],
    ['Windows line ends', A.replaceAll('\n', '\r\n'), `${A}\n${BLOCK}`.replaceAll('\n', '\r\n')],
  ])('to %s', (_, before, after) => {
    expect(addServer(before, FILE, MEMORY)).toBe(after);
  });

  it('writes what the configuration reads', () => {
    const server: ServerBlock = {
      name: 'all',
      command: ['run', 'with "quotes"', 'a\\b', 'tab\t', 'ü', '\u007f'],
      cwd: 'sub folder',
      env: { PLAIN: 'x', TOKEN: { env: 'T' }, KEY: { file: '.aegis/k' }, 'odd key': 'y' },
      manifest: 'm.yaml',
    };
    const { configuration, diagnostics } = readConfiguration(FILE, addServer('', FILE, server));
    expect(diagnostics).toEqual([]);
    expect(configuration?.servers).toMatchObject([
      { command: server.command, env: server.env, cwd: '/c/sub folder', manifest: '/c/m.yaml' },
    ]);
  });

  it.each([
    [A, { ...MEMORY, name: 'a' }, 'already has a server `a`'],
    ['servers = []\n', MEMORY, 'not written as [[servers]] tables'],
    ['servers = [{ name = "x", command = ["x"] }]\n', MEMORY, 'not written as [[servers]] tables'],
    ['mode = \n', MEMORY, 'has errors, so it is not edited'],
  ])('to %j is refused', (text, server, message) => {
    expect(() => addServer(text, FILE, server)).toThrow(message);
  });

  it('to YAML is refused, with what to do', () => {
    expect(() => addServer('mode: shadow\n', '/c/aegis.yaml', MEMORY)).toThrow(
      'only a TOML file can be edited',
    );
  });
});

describe('removing a server', () => {
  it('takes its table, and what belongs to it', () => {
    const text = `# first\n${A}\n[servers.env]\nX = "1"\n\n# second\n${BLOCK}\n[stdio]\n`;
    expect(removeServer(text, FILE, 'a')).toBe(`# first\n\n# second\n${BLOCK}\n[stdio]\n`);
    expect(removeServer(text, FILE, 'memory')).toBe(
      `# first\n${A}\n[servers.env]\nX = "1"\n\n# second\n\n[stdio]\n`,
    );
  });

  it('that is not there is refused, and says which are', () => {
    expect(() => removeServer(A, FILE, 'b')).toThrow('has no server `b`');
  });

  it('undoes adding it, to the byte, whatever else the file holds', () => {
    const line = fc.constantFrom(
      '',
      '# a comment',
      '# [[servers]] in a comment',
      '[limits]',
      'max_steps = 5',
      '[[policies]]',
      'name = "x"',
      'text = """\n[[servers]]\n"""',
      "other = '''\n# '' [servers]'''",
      'list = [ # [[servers]]\n  "]",\n]',
      '[servers.env]',
      '[[servers]]',
      'name = "a"',
      '"quo.ted" = { a = "[", b = [1] }',
      '["quo.ted".table]',
    );
    let edited = 0;
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.boolean(), (lines, crlf) => {
        const text = `${lines.join('\n')}\n`.replaceAll('\n', crlf ? '\r\n' : '\n');
        let added: string;
        try {
          added = addServer(text, FILE, MEMORY);
        } catch {
          return;
        }
        edited++;
        expect(removeServer(added, FILE, 'memory')).toBe(text);
      }),
      { numRuns: 2000 },
    );
    expect(edited).toBeGreaterThan(100);
  });
});
