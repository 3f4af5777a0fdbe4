import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  callsMade,
  command,
  digestNow,
  DRAFT,
  folder,
  history,
  read,
  RULES,
  write,
} from './policy-ground.ts';

callsMade();

describe('a policy that a person puts in place', () => {
  it('is on record, and so is the way back, exactly', async () => {
    const before = await digestNow();
    const applied = await command('policy', 'apply', 'draft.toml', '--yes');
    expect(applied.code).toBe(0);
    expect(applied.stdout).toContain('+name = "asked"');
    expect(read('policy.toml')).toBe(DRAFT);
    const after = await digestNow();
    expect((await history()).map(({ cause, policy_digest }) => [cause, policy_digest])).toEqual([
      ['start', before],
      ['apply', after],
    ]);
    expect((await command('policy', 'rollback', '--yes')).code).toBe(0);
    expect(read('policy.toml')).toBe(RULES);
    expect((await history()).map(({ cause }) => cause)).toEqual(['start', 'apply', 'rollback']);
    // The newest one by its digest, too.
    const diff = await command('policy', 'diff', after.slice(0, 12));
    expect(diff.stdout).toContain('+name = "asked"');
    expect((await command('ledger', 'verify')).code).toBe(0);
  });

  it('is not written without a person who says so, and no half of it is', async () => {
    const { code, stderr } = await command('policy', 'apply', 'draft.toml');
    expect([code, stderr]).toEqual([2, expect.stringContaining('nothing was written')]);
    write('broken.toml', '[[policies]]\nname = "x"\naction = "perhaps"\n');
    expect((await command('policy', 'apply', 'broken.toml', '--yes')).stderr).toContain(
      'unknown action `perhaps`',
    );
    expect(read('policy.toml')).toBe(RULES);
  });

  it('can be a bundle of its own, and no file outside of the folder', async () => {
    write('policy.toml', DRAFT);
    expect((await command('policy', 'bundle', '--out', 'draft.bundle.json')).code).toBe(0);
    write('policy.toml', RULES);
    expect((await command('policy', 'apply', 'draft.bundle.json', '--yes')).code).toBe(0);
    expect(read('policy.toml')).toBe(DRAFT);
    expect((await command('policy', 'rollback', '--yes')).code).toBe(0);
    const bundle = JSON.parse(read('draft.bundle.json'));
    const outside = join(folder, '..', 'outside.toml');
    for (const name of [outside, '.aegis/outside.toml']) {
      const entry = bundle.files['aegis.toml'].replace('"policy.toml"', JSON.stringify(name));
      const files = { 'aegis.toml': entry, [name]: DRAFT };
      write('foreign.bundle.json', JSON.stringify({ ...bundle, files }));
      const { stderr } = await command('policy', 'apply', 'foreign.bundle.json', '--yes');
      expect(stderr).toContain('outside of the folder');
    }
    expect(existsSync(outside)).toBe(false);
  });

  it('must be signed by a trusted key in prod', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    write('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64');
    const plain = read('aegis.toml');
    write('aegis.toml', `trust_mode = "prod"\n${plain}\n[trust]\nkeys = ["${raw}"]\n`);
    expect((await command('policy', 'apply', 'draft.toml', '--yes')).stderr).toContain(
      'the policy is not signed',
    );
    write('policy.toml', DRAFT);
    expect((await command('policy', 'bundle', '-o', 'signed.json', '--sign', 'key.pem')).stdout).toContain(
      'signed',
    );
    write('policy.toml', RULES);
    expect((await command('policy', 'apply', 'signed.json', '--yes')).code).toBe(0);
    expect(read('policy.toml')).toBe(DRAFT);
    expect((await history()).at(-1)?.signature?.public_key).toBe(raw);
    // A letter more, and the signature is over something else.
    const changed = read('signed.json').replace('name = \\"asked\\"', 'name = \\"asked2\\"');
    write('changed.json', changed);
    expect((await command('policy', 'apply', 'changed.json', '--yes')).stderr).toContain(
      'not over this policy',
    );
  });
});
