import { describe, expect, it } from 'vitest';
import { setManifest } from '../../src/config/edit-manifest.ts';

const FILE = '/srv/aegis.toml';
const TEXT = `# mine
mode = "enforce"

[[servers]]
name = "files"   # the files
command = ["x"]
[servers.env]
A = "manifest = 1"

[[servers]]
name = "web"
manifest = 'old.yaml'  # an older one
url = "https://example.org/mcp"

[[agents]]
name = "coder"
token = { env = "T" }
`;

describe('naming a manifest in a configuration', () => {
  it('adds a line to a server, above the tables below it', () => {
    const edited = setManifest(TEXT, FILE, { list: 'servers', name: 'files' }, 'manifests/files.yaml');
    expect(edited).toBe(
      TEXT.replace('command = ["x"]\n', 'command = ["x"]\nmanifest = "manifests/files.yaml"\n'),
    );
  });

  it('takes the place of the one that is named, and keeps what stands behind it', () => {
    const edited = setManifest(TEXT, FILE, { list: 'servers', name: 'web' }, 'web.yaml');
    expect(edited).toBe(TEXT.replace("'old.yaml'", '"web.yaml"'));
  });

  it('adds a line to an agent', () => {
    const edited = setManifest(TEXT, FILE, { list: 'agents', name: 'coder' }, 'coder.yaml');
    expect(edited).toBe(`${TEXT}manifest = "coder.yaml"\n`);
  });

  it('makes a table for the agent of standard input and output where there is none', () => {
    const edited = setManifest(TEXT, FILE, { list: 'stdio' }, 'me.yaml');
    expect(edited).toBe(`${TEXT}\n[stdio]\nmanifest = "me.yaml"\n`);
    expect(setManifest(edited, FILE, { list: 'stdio' }, 'you.yaml')).toBe(
      edited.replace('me.yaml', 'you.yaml'),
    );
  });

  it('keeps the line ends of Windows', () => {
    const text = '[[servers]]\r\nname = "a"\r\n';
    expect(setManifest(text, FILE, { list: 'servers', name: 'a' }, 'a.yaml')).toBe(
      `${text}manifest = "a.yaml"\r\n`,
    );
  });

  it.each([
    [TEXT, FILE, { list: 'servers', name: 'none' }, 'has no server `none`'],
    [
      'servers = [{ name = "a" }]\n',
      FILE,
      { list: 'servers', name: 'a' },
      'is not written as [[servers]] tables',
    ],
    [
      '[[servers]]\nname = "a"\nmanifest = """\nx"""\n',
      FILE,
      { list: 'servers', name: 'a' },
      'is not written as',
    ],
    ['a = \n', FILE, { list: 'stdio' }, 'has errors'],
    ['servers: []\n', '/srv/aegis.yaml', { list: 'stdio' }, 'is not TOML'],
  ] as const)('refuses %j', (text, file, place, why) => {
    expect(() => setManifest(text, file, place, 'x.yaml')).toThrow(why);
  });
});
