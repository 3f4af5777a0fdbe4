import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SETTINGS, formatDiagnostic } from '@aegis/core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { resolvePath } from '../../src/inspect/resolve-path.ts';
import { sha256 } from '../../src/platform.ts';
import type { Trust } from '../../src/source/agent-manifests.ts';
import { loadRuleset } from '../../src/source/ruleset.ts';
import { openAuthority } from './sigstore-authority.ts';

const RELEASE = 'https://github.com/acme/agents/.github/workflows/release.yml@refs/heads/main';
const ISSUER = 'https://token.actions.githubusercontent.com';
const TEXT = JSON.stringify({
  schema: 'aegis.dev/manifest/v0.1',
  name: 'scribe',
  version: '1',
  publisher: 'acme',
  permissions: { tools: ['read'] },
  integrity: { signature: { algorithm: 'sigstore', bundle: 'scribe.sigstore.json' } },
});

let folder: string;
let authority: Awaited<ReturnType<typeof openAuthority>>;
let bundle: string;

beforeAll(async () => {
  authority = await openAuthority();
  bundle = await authority.signBlob(Buffer.from(TEXT), RELEASE, ISSUER);
});
beforeEach(() => {
  folder = resolvePath(mkdtempSync(join(tmpdir(), 'aegis-sigstore-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NAMED = [{ identity: RELEASE, issuer: ISSUER }];

/** What is wrong with the manifest; nothing when its agent has it. */
async function load({
  text = TEXT,
  written = bundle,
  root = authority.root,
  identities = NAMED,
  mode = 'prod',
  known = true,
}: {
  text?: string;
  written?: string | undefined;
  root?: string;
  identities?: typeof NAMED;
  mode?: Trust['mode'];
  known?: boolean;
} = {}): Promise<readonly string[]> {
  const file = join(folder, 'scribe.json');
  writeFileSync(file, text);
  if (written !== '') writeFileSync(join(folder, 'scribe.sigstore.json'), written);
  writeFileSync(join(folder, 'root.json'), root);
  const sigstore = { root: join(folder, 'root.json'), identities };
  const { limits, risk } = DEFAULT_SETTINGS;
  const { ruleset, diagnostics } = await loadRuleset(
    {
      rules: undefined,
      policyFiles: [],
      servers: [],
      agents: [{ name: 'scribe', manifest: file }],
      trust: { mode, keys: [], ...(known ? { sigstore } : {}) },
      settings: { mode: 'enforce', limits, risk },
      resolvePath,
    },
    sha256,
  );
  if (diagnostics.length === 0) expect(ruleset?.agent('scribe')).toMatchObject({ name: 'scribe' });
  else expect(ruleset).toBeUndefined();
  return diagnostics.map((one) => formatDiagnostic(one).replaceAll(`${folder}/`, ''));
}

describe('a manifest that is signed with Sigstore', () => {
  it('is in force when a named identity signed its file', async () => {
    expect(await load()).toEqual([]);
  });

  it.each<[string, Parameters<typeof load>[0], RegExp]>([
    ['that was changed by one space', { text: `${TEXT} ` }, /does not vouch for this manifest/],
    ['without its bundle', { written: '' }, /the bundle cannot be read/],
    ['whose bundle is no bundle', { written: '{"a":1}' }, /does not vouch for this manifest/],
    ['whose bundle is no JSON', { written: 'x' }, /does not vouch for this manifest/],
    ['where no root is named', { known: false }, /`\[trust\.sigstore\]` names no root/],
    ['where the root is none', { root: 'x' }, /is no trusted root/],
    ['where the root knows nobody', { root: '{}' }, /does not vouch for this manifest/],
    ['by an identity that nobody named', { identities: [] }, /whom `\[trust\.sigstore\]` does not name/],
    [
      'by the identity, as another issuer says',
      { identities: [{ identity: RELEASE, issuer: 'https://accounts.example.org' }] },
      /does not name/,
    ],
    [
      'by an identity that a pattern would match',
      { identities: [{ identity: RELEASE.replace('release', '.*'), issuer: ISSUER }] },
      /does not name/,
    ],
  ])('%s is refused', async (_, change, why) => {
    const faults = await load(change);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^scribe\.json:1:\d+: /);
    expect(faults[0]).toMatch(why);
  });

  it('whose bundle is a link is refused without a word of what stands there', async () => {
    writeFileSync(join(folder, 'credentials'), 'hunter2-hunter2', { mode: 0o600 });
    symlinkSync(join(folder, 'credentials'), join(folder, 'scribe.sigstore.json'));
    const faults = await load({ written: '' });
    expect(faults).toEqual([expect.stringContaining('does not vouch')]);
    expect(faults.join()).not.toContain('hunter2');
  });

  it.skipIf(process.platform === 'win32').each([
    ['bundle', 'scribe.sigstore.json', TEXT],
    ['file', 'run.py', TEXT.replace('{"signature"', `{"files":{"run.py":"${'0'.repeat(64)}"},"signature"`)],
  ])('whose %s never ends is refused', async (_, name, text) => {
    symlinkSync('/dev/zero', join(folder, name));
    const faults = await load({ text, written: name === 'run.py' ? bundle : '' });
    expect(faults.join()).toMatch(/cannot be read/);
  });

  it('by another authority is refused', async () => {
    const other = await openAuthority();
    const written = await other.signBlob(Buffer.from(TEXT), RELEASE, ISSUER);
    expect(await load({ written })).toEqual([expect.stringContaining('does not vouch')]);
  });

  it('by a statement about something else is refused', async () => {
    const written = authority.statement('whatever');
    expect(await load({ written, mode: 'dev' })).toEqual([expect.stringContaining('it holds a statement')]);
  });

  it.each([
    ['the log entry', (b: Written) => (b.verificationMaterial.tlogEntries = [])],
    ['the promise of the log', (b: Written) => tamper(b, 'inclusionPromise', 'signedEntryTimestamp')],
    ['the signature', (b: Written) => (b.messageSignature.signature = Buffer.alloc(70).toString('base64'))],
  ])('is refused without %s', async (_, change) => {
    const changed = JSON.parse(bundle) as Written;
    change(changed);
    expect(await load({ written: JSON.stringify(changed) })).toEqual([
      expect.stringContaining('does not vouch'),
    ]);
  });

  it('with a key in place of the certificate is refused, whoever may sign', async () => {
    const changed = JSON.parse(bundle) as Written;
    const { tlogEntries } = changed.verificationMaterial;
    const written = JSON.stringify({
      ...changed,
      verificationMaterial: { tlogEntries, publicKey: { hint: 'k' } },
    });
    expect(await load({ written, mode: 'dev' })).toEqual([expect.stringContaining('does not vouch')]);
  });

  it('is refused when its authority was not trusted any more', async () => {
    const root = JSON.parse(authority.root);
    root.certificateAuthorities[0].validFor.end = new Date(Date.now() - 60_000).toISOString();
    expect(await load({ root: JSON.stringify(root) })).toEqual([expect.stringContaining('does not vouch')]);
  });

  it('in `dev` must hold, whoever signed it', async () => {
    expect(await load({ mode: 'dev', identities: [] })).toEqual([]);
    expect(await load({ mode: 'dev', text: `${TEXT}\n` })).toHaveLength(1);
  });

  it.each(['../a.json', '/a.json', 'a/../../b', ''])('cannot have its bundle at %j', async (place) => {
    const text = TEXT.replace('scribe.sigstore.json', place);
    expect((await load({ text })).join()).toMatch(/is not a path inside|must be one line/);
  });
});

interface Written {
  verificationMaterial: { tlogEntries: Record<string, Record<string, string>>[] };
  messageSignature: { signature: string };
}

function tamper(bundle: Written, part: string, key: string): void {
  const found = bundle.verificationMaterial.tlogEntries[0]?.[part];
  if (found?.[key] === undefined) throw new Error(`no ${part}.${key}`);
  found[key] = Buffer.alloc(32, 7).toString('base64');
}
