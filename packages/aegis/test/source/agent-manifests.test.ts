import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SETTINGS, formatDiagnostic, type JsonObject, signedText, treeDigest } from '@aegis/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolvePath } from '../../src/inspect/resolve-path.ts';
import { sha256 } from '../../src/platform.ts';
import type { Trust } from '../../src/source/agent-manifests.ts';
import { loadRuleset } from '../../src/source/ruleset.ts';

let folder: string;

beforeEach(() => {
  folder = resolvePath(mkdtempSync(join(tmpdir(), 'aegis-agents-')));
  mkdirSync(join(folder, 'scripts'));
  writeFileSync(join(folder, 'scripts/run.py'), 'print(1)\n');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const FILES = new Map([['scripts/run.py', sha256('print(1)\n')]]);
const DEV: Trust = { mode: 'dev', keys: [] };

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const PUBLIC = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');

function manifest(integrity: JsonObject = {}, rest: JsonObject = {}): JsonObject {
  return {
    schema: 'aegis.dev/manifest/v0.1',
    name: 'scribe',
    version: '1',
    publisher: 'acme',
    permissions: { tools: ['read'], fs: { read_roots: ['data'] } },
    ...rest,
    integrity,
  };
}

function signed(value: JsonObject): JsonObject {
  const signature = sign(null, Buffer.from(signedText(value)), privateKey).toString('base64');
  const integrity = value['integrity'] as JsonObject;
  return {
    ...value,
    integrity: { ...integrity, signature: { algorithm: 'ed25519', public_key: PUBLIC, value: signature } },
  };
}

async function load(value: JsonObject | undefined, trust: Trust = DEV) {
  const file = join(folder, 'aegis-manifest.json');
  if (value !== undefined) writeFileSync(file, JSON.stringify(value));
  const { mode, limits, risk } = DEFAULT_SETTINGS;
  const { ruleset, diagnostics } = await loadRuleset(
    {
      rules: undefined,
      policyFiles: [],
      servers: [
        {
          name: 'web',
          env: { A: 'plain', B: { env: 'TOKEN' } },
          headers: { C: { file: 'keys/c' } },
        },
      ],
      agents: [{ name: 'scribe', ...(value === undefined ? {} : { manifest: file }) }],
      trust,
      settings: { mode, limits, risk },
      resolvePath,
    },
    sha256,
  );
  return { ruleset, faults: diagnostics.map((one) => formatDiagnostic(one).replaceAll(`${folder}/`, '')) };
}

describe('the manifest of an agent', () => {
  it('is in force for its agent and no other, with roots from its own folder', async () => {
    const { ruleset, faults } = await load(manifest());
    expect(faults).toEqual([]);
    expect(ruleset?.agent('scribe')).toMatchObject({ name: 'scribe', readRoots: [join(folder, 'data')] });
    expect(ruleset?.agent('other')).toBeUndefined();
  });

  it('takes an absolute root as it stands', async () => {
    const { ruleset } = await load(
      manifest({}, { permissions: { fs: { read_roots: [folder], write_roots: ['/'] } } }),
    );
    expect(ruleset?.agent('scribe')).toMatchObject({ readRoots: [folder], writeRoots: ['/'] });
  });

  it('is covered by the digest of the policy', async () => {
    const digest = async (value?: JsonObject) => (await load(value)).ruleset?.policy.digest;
    const [none, one, other] = [
      await digest(),
      await digest(manifest()),
      await digest(manifest({}, { version: '2' })),
    ];
    expect(new Set([none, one, other]).size).toBe(3);
  });

  it('knows the credentials of a server by the names of their references', async () => {
    expect((await load(manifest())).ruleset?.credentials.get('web')).toEqual(['TOKEN', 'keys/c']);
  });

  it('holds with the files that it lists', async () => {
    const integrity = { files: Object.fromEntries(FILES), tree_sha256: treeDigest(FILES, sha256) };
    expect((await load(manifest(integrity))).faults).toEqual([]);
  });

  it.each<[string, JsonObject, string]>([
    [
      'a file that was changed',
      { files: { 'scripts/run.py': 'a'.repeat(64) } },
      '`scripts/run.py` is not the file that was listed',
    ],
    [
      'a file that is not there',
      { files: { 'scripts/no.py': 'a'.repeat(64) } },
      '`scripts/no.py` cannot be read',
    ],
    [
      'a file that was left out of the digest',
      { files: Object.fromEntries(FILES), tree_sha256: 'a'.repeat(64) },
      'this is not the digest of `files`',
    ],
  ])('is refused with %s', async (_, integrity, message) => {
    const { ruleset, faults } = await load(manifest(integrity));
    expect([ruleset, faults.join()]).toEqual([undefined, expect.stringContaining(message)]);
  });

  it('is refused when it says something else than what was signed', async () => {
    const value = signed(manifest());
    expect((await load(value)).faults).toEqual([]);
    const { faults } = await load({ ...value, version: '2' });
    expect(faults.join()).toContain('the signature is not over this manifest');
  });
});

describe('where everybody needs a signed manifest', () => {
  const prod: Trust = { mode: 'prod', keys: [PUBLIC] };

  it('an agent without one is granted nothing', async () => {
    expect((await load(undefined, prod)).ruleset?.agent('scribe')).toBe('nothing');
  });

  it('one that is not signed is refused', async () => {
    expect((await load(manifest(), prod)).faults.join()).toContain(
      'is not signed, and `trust_mode` is `prod`',
    );
  });

  it('one that somebody else signed is refused', async () => {
    const { faults } = await load(signed(manifest()), { mode: 'prod', keys: [`${'A'.repeat(43)}=`] });
    expect(faults.join()).toContain('signed by a key that `[trust]` does not name');
  });

  it('one that a trusted key signed is in force', async () => {
    const { ruleset, faults } = await load(signed(manifest()), prod);
    expect(faults).toEqual([]);
    expect(ruleset?.agent('scribe')).toMatchObject({ name: 'scribe' });
  });
});
