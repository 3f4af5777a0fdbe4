import { describe, expect, it } from 'vitest';
import { signedText, treeDigest } from '../../../src/manifest/agent/integrity.ts';
import { readAgentManifest } from '../../../src/manifest/agent/read.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { readDocument } from '../../../src/source/document.ts';
import { sha256 } from '../../policy/call.ts';

const resolve = (path: string): string => {
  if (path.includes('?')) throw new Error('no such path');
  return path.startsWith('/') ? path : `/srv/skill/${path}`;
};

function read(value: JsonObject) {
  const document = readDocument({ text: JSON.stringify(value), file: 'aegis-manifest.json' });
  const { manifest, diagnostics } = readAgentManifest(document, { resolve });
  return { manifest, faults: diagnostics.map(({ code, message }) => `${code}: ${message}`) };
}

const RESEARCH: JsonObject = {
  schema: 'aegis.dev/manifest/v0.1',
  name: 'my-research-skill',
  version: '1.0.0',
  publisher: 'acme-corp',
  permissions: {
    tools: ['read_file', 'mcp.https'],
    net: { domains: ['api.openai.com', '*.wikipedia.org'] },
    budgets: { max_steps: 24, max_tool_calls: 12, max_wall_time_ms: 120_000 },
  },
  sandbox: { required: true },
  integrity: {},
};

const with_ = (permissions: JsonObject): JsonObject => ({ ...RESEARCH, permissions });

describe('the manifest of an agent', () => {
  it('is read whole', () => {
    const { manifest, faults } = read(RESEARCH);
    expect(faults).toEqual([]);
    expect(manifest).toMatchObject({
      name: 'my-research-skill',
      domainNames: ['api.openai.com', '*.wikipedia.org'],
      readRoots: [],
      budgets: { maxSteps: 24, maxToolCalls: 12, maxWallTimeMs: 120_000 },
      sandboxed: true,
    });
    expect(manifest?.exec).toBeUndefined();
  });

  it('resolves its roots, and may grant nothing at all', () => {
    const { manifest } = read(with_({ fs: { read_roots: ['data'], write_roots: ['/tmp/out'] } }));
    expect([manifest?.readRoots, manifest?.writeRoots]).toEqual([['/srv/skill/data'], ['/tmp/out']]);
    expect(read(with_({})).faults).toEqual([]);
  });

  it.each<[JsonObject, string]>([
    [
      { ...RESEARCH, schema: 'aegis.dev/manifest/v9' },
      'unknown-value: unknown schema `aegis.dev/manifest/v9`',
    ],
    [{ ...RESEARCH, extra: 1 }, 'unknown-key: unknown key `extra`'],
    [
      { name: 'x', version: '1', publisher: 'y', permissions: {} },
      'missing-key: an agent manifest needs `schema`',
    ],
    [{ ...RESEARCH, permissions: 5 }, 'wrong-type: `permissions` must be a table, not a number'],
    [with_({ tool: [] }), 'unknown-key: unknown key `tool`'],
    [with_({ tools: 'read_file' }), 'wrong-type: `tools` must be a list, not a string'],
    [with_({ tools: ['a\\'] }), 'bad-pattern: `a\\` is not a glob'],
    [with_({ net: { domain: [] } }), 'unknown-key: unknown key `domain`'],
    [with_({ fs: { read_roots: ['a?'] } }), 'bad-path: the path `a?` cannot be resolved'],
    [with_({ exec: { allowed_bins: ['/bin/ls'] } }), 'bad-text: `/bin/ls` is not the name of a program'],
    [
      with_({ exec: { allowed_bins: [], arg_patterns: ['a)|(b'] } }),
      'bad-pattern: the pattern does not compile: unexpected ): `a)|(b`',
    ],
    [
      with_({ budgets: { max_steps: 0 } }),
      'out-of-range: `max_steps` must be a whole number from 1 to 1000000000',
    ],
    [{ ...RESEARCH, sandbox: { required: true, image: 'x' } }, 'unknown-key: unknown key `image`'],
    [
      { ...RESEARCH, integrity: { files: { '../x': 'a'.repeat(64) } } },
      "bad-path: `../x` is not a path inside the manifest's folder",
    ],
    [{ ...RESEARCH, integrity: { files: { x: 'AB' } } }, 'bad-text: not a SHA-256 digest in lower-case hex'],
    [
      { ...RESEARCH, integrity: { tree_sha256: 'a'.repeat(64) } },
      'no-effect: `tree_sha256` is over `files`, and there are none',
    ],
    [
      { ...RESEARCH, integrity: { signature: { algorithm: 'rsa', public_key: 'x', value: 'y' } } },
      'bad-text: `algorithm` must be `ed25519` or `sigstore`',
    ],
    [{ ...RESEARCH, integrity: { signature: { bundle: {} } } }, 'unknown-key: unknown key `bundle`'],
  ])('with a fault is refused: %j', (value, fault) => {
    const { manifest, faults } = read(value);
    expect(manifest).toBeUndefined();
    expect(faults).toContain(fault);
  });
});

describe('what is signed', () => {
  it('is everything but the signature, whatever the order of its keys', () => {
    const signature = { algorithm: 'ed25519', public_key: 'k', value: 'v' };
    const integrity = { files: { a: 'b' } };
    const signed = { ...RESEARCH, integrity: { signature, ...integrity } };
    expect(signedText(signed)).toBe(signedText({ ...RESEARCH, integrity }));
    expect(signedText(signed)).not.toContain('ed25519');
    expect(signedText({ ...signed, version: '1.0.1' })).not.toBe(signedText(signed));
  });

  it('has one digest for a set of files', () => {
    const files = [
      ['b', '2'],
      ['a', '1'],
    ] as const;
    expect(treeDigest(new Map(files), sha256)).toBe(treeDigest(new Map(files.toReversed()), sha256));
    expect(treeDigest(new Map([['a', '12']]), sha256)).not.toBe(treeDigest(new Map([['a1', '2']]), sha256));
  });
});
