import { describe, expect, it } from 'vitest';
import { findSecrets } from '../../../src/inspect/secret/find-secrets.ts';
import type { Alphabet, TokenFormat } from '../../../src/inspect/secret/token-format.ts';
import { TOKEN_FORMATS } from '../../../src/inspect/secret/token-formats.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const ALPHABETS: Readonly<Record<Alphabet, string>> = {
  alnum: `${LETTERS}${LETTERS.toUpperCase()}0123456789`,
  word: `${LETTERS}${LETTERS.toUpperCase()}0123456789`,
  dashed: `${LETTERS}${LETTERS.toUpperCase()}0123456789`,
  hex: '0123456789abcdef',
  base64: `${LETTERS}${LETTERS.toUpperCase()}0123456789`,
  upper: `${LETTERS.toUpperCase()}0123456789`,
  lower: `${LETTERS}0123456789`,
  dotted: `${LETTERS}${LETTERS.toUpperCase()}0123456789`,
  uuid: '0123456789abcdef',
};

/** A body that looks drawn, the same every time. */
function bodyOf({ alphabet, least }: TokenFormat, seed: number): string {
  if (alphabet === 'uuid') return '7d3f1c9a-52b8-4e60-9f14-c8a7e5b2d036';
  const letters = ALPHABETS[alphabet];
  let state = seed * 7919 + 17;
  return Array.from({ length: least }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return letters[Math.floor((state / 2_147_483_647) * letters.length)];
  }).join('');
}

// Those with parts, marks inside or checksums have tests of their own.
const PLAIN = TOKEN_FORMATS.filter(({ shape, check }) => shape === undefined && check === undefined);
const CASES = PLAIN.flatMap((format) =>
  format.prefixes.map((prefix) => ({ kind: format.kind, prefix, format })),
);

/** What is shorter than this is part of no other form. */
const SHORTEST_SECRET = 6;

const kinds = (text: string): readonly string[] => findSecrets(text).map(({ kind }) => kind);

const found = (text: string): readonly string[] =>
  findSecrets(text)
    .filter(({ example }) => !example)
    .map(({ start, end }) => text.slice(start, end));

describe('a token of a known form', () => {
  it('stands for many services', () => {
    expect(CASES.length).toBeGreaterThan(250);
  });

  it.each(CASES)('of $kind is found behind $prefix, in whatever surroundings', ({ prefix, format }) => {
    const token = prefix + bodyOf(format, prefix.length);
    for (const text of [
      token,
      `see ${token} in the log`,
      `{"k":"${token}"}`,
      `https://x.example/?t=${token}&b=1`,
    ]) {
      expect(found(text).some((secret) => secret.includes(token) || token.includes(secret))).toBe(true);
    }
  });

  it.each(CASES)(
    'of $kind is none behind $prefix when it is cut off, or only shows its form',
    ({ prefix, format }) => {
      const cut =
        prefix + bodyOf(format, prefix.length).slice(0, Math.min(format.least - 1, SHORTEST_SECRET));
      expect(kinds(`see ${cut} in the log`)).not.toContain(format.kind);
      expect(found(`use ${prefix}${'x'.repeat(format.least)} here`)).toEqual([]);
    },
  );

  it.each([
    ['a password of MySQL', 'mysql -u root -p7Gh2kLq9Zx app'],
    ['a password given to ssh', 'sshpass -p 7Gh2kLq9Zx ssh root@h'],
    ['a line of .pgpass', 'db.acme.example:5432:app:bob:7Gh2kLq9ZxPw'],
    ['a session cookie', 'Cookie: theme=dark; sessionid=hvqzdhxmbtkun375mmeqwwam1isxg8um'],
    ['a recovery phrase', 'seed phrase: able bird cold door echo farm gate hill iron jump kite lamp'],
    ['a key with a longer name', ':secret_key_base => "aa6862905c3991691825727d2b0ad2825cc1494f34734033"'],
    ['a key behind its scheme', 'Authorization: GenieKey 451c31d1-3ed2-4b8c-a00a-98ae352cc5cf'],
    ['a password that is told', 'Your new password is Zt9k2Qw8 and expires.'],
  ])('%s is found', (_, text) => {
    expect(found(text)).not.toEqual([]);
  });

  it.each([
    'docker run -p 8080:80 -v data:/var/lib/mysql mysql:8',
    'mysql -u root -p app',
    'Cookie: theme=dark; lang=en',
    'the mnemonic is easy to remember',
    'The password is required.',
    'a:1:2:3 b',
    'commit 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12 of github',
  ])('%s holds none', (text) => {
    expect(found(text)).toEqual([]);
  });
});
