import { describe, expect, it } from 'vitest';
import {
  bundleFingerprint,
  bundleSignedText,
  formatPolicyBundle,
  type PolicyBundle,
  readPolicyBundle,
} from '../../src/policy/bundle.ts';
import { readDocument } from '../../src/source/document.ts';
import { sha256 } from './call.ts';

const BUNDLE: PolicyBundle = {
  entry: 'aegis.toml',
  files: { 'aegis.toml': 'policy = ["policy.toml"]\n', 'policy.toml': '# nothing\r\n\u00e9' },
};
const SIGNATURE = { publicKey: 'a', value: 'b' };

const read = (text: string) => readPolicyBundle(readDocument({ text, file: 'b.json' }));

describe('a bundle', () => {
  it('is read back letter by letter, with its signature', () => {
    expect(read(formatPolicyBundle(BUNDLE, SIGNATURE))).toEqual({
      bundle: BUNDLE,
      signature: SIGNATURE,
      diagnostics: [],
    });
    expect(read(formatPolicyBundle(BUNDLE))).toEqual({ bundle: BUNDLE, diagnostics: [] });
  });

  it('has one address, in whichever order its files are named, and another one for each letter', () => {
    const turned = { ...BUNDLE, files: Object.fromEntries(Object.entries(BUNDLE.files).toReversed()) };
    expect(bundleFingerprint(turned, sha256)).toBe(bundleFingerprint(BUNDLE, sha256));
    const changed = { ...BUNDLE, files: { ...BUNDLE.files, 'policy.toml': '# nothing\n\u00e9' } };
    expect(bundleFingerprint(changed, sha256)).not.toBe(bundleFingerprint(BUNDLE, sha256));
    expect(bundleSignedText('f'.repeat(64))).toBe(`aegis.dev/policy-bundle/v1\n${'f'.repeat(64)}\n`);
  });

  it.each([
    ['another schema', { schema: 'aegis.dev/policy-bundle/v2' }, 'b.json:1:'],
    ['no entry', { entry: 'other.toml' }, 'the bundle has no file `other.toml`'],
    ['a file that is no text', { files: { 'aegis.toml': 1 } }, 'must be a string'],
    ['an unknown key', { also: 1 }, 'unknown key `also`'],
    ['half a signature', { signature: { value: 'x' } }, '`public_key` and `value`'],
  ])('with %s is refused', (_, more, words) => {
    const text = JSON.stringify({ ...JSON.parse(formatPolicyBundle(BUNDLE)), ...more });
    const { bundle, diagnostics } = read(text);
    expect(bundle).toBeUndefined();
    const said = diagnostics.map(({ at, message }) => `${at.file}:${at.line}:${at.column}: ${message}`);
    expect(said.join('\n')).toContain(words);
  });
});
