import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base62, crc32, endsInChecksum } from '../../../src/inspect/secret/base62.ts';
import { findSecrets } from '../../../src/inspect/secret/find-secrets.ts';

// Random characters, none of which was ever a credential.
const RANDOM = 'q7ZtX2mB9dVcR4kLw8PfYs3NhJg6TuEa5QoMxKi1CbGrDzHyWvUjSnFpAeOlIqt0';
const HEX = '9f3c1a7be5d20486c7b1e94f0a6d8352b7e1c9405fd36a82917ecb04d5f8a263';
const UPPER = 'Q7Z2XBM9DVR4KLWP3NHJ6TU5';

const random = (length: number) => RANDOM.slice(0, length);
const hex = (length: number) => HEX.slice(0, length);
const uuid = `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
const checked = (prefix: string, length: number) => {
  const body = random(length);
  return `${prefix}${body}${base62(crc32(body), 6)}`;
};
const base64 = (text: string) => Buffer.from(text).toString('base64');
const jwt = [{ alg: 'HS256', typ: 'JWT' }, { sub: 'ada' }]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.');

const SECRETS: readonly (readonly [kind: string, secret: string])[] = [
  ['github.token', checked('ghp_', 30)],
  ['github.token', `github_pat_${random(22)}_${random(59)}`],
  ['npm.token', checked('npm_', 30)],
  ['gitlab.token', `glpat-${random(20)}`],
  ['aws.access_key', `AKIA${UPPER.slice(0, 16)}`],
  ['google.key', `AIza${random(35)}`],
  ['slack.token', `xoxb-1234567890-${random(24)}`],
  ['slack.webhook', `hooks.slack.com/services/T${UPPER.slice(0, 8)}/B${UPPER.slice(8, 16)}/${random(24)}`],
  ['stripe.key', `sk_live_${random(24)}`],
  ['openai.key', `sk-proj-${random(48)}`],
  ['openai.key', `sk-${random(20)}T3BlbkFJ${random(20)}`],
  ['anthropic.key', `sk-ant-api03-${random(60)}`],
  ['huggingface.token', `hf_${random(34)}`],
  ['pypi.token', `pypi-${random(60)}`],
  ['sendgrid.key', `SG.${random(22)}.${random(43)}`],
  ['twilio.key', `SK${hex(32)}`],
  ['telegram.token', `123456789:AA${random(33)}`],
  ['azure.client_secret', `abc1Q~${random(34)}`],
  ['digitalocean.token', `dop_v1_${hex(64)}`],
  ['hubspot.token', `pat-na1-${uuid}`],
  ['vault.token', `hvs.${random(24)}`],
  ['jwt', `${jwt}.${random(43)}`],
  ['dependency_track.key', `odt_${random(32)}`],
  ['google.refresh_token', `1//0${random(50)}`],
  ['aws.session_token', `IQoJb3JpZ2lu${random(64)}${random(64)}`],
  ['langfuse.key', `sk-lf-${uuid}`],
  ['axiom.token', `xaat-${uuid}`],
  ['voiceflow.key', `VF.DM.${hex(24)}.${random(16)}`],
  ['infisical.token', `st.${hex(24)}.${hex(32)}.${HEX.slice(32)}`],
  ['authress.key', `authress_${hex(6)}.${hex(4)}.acc_${hex(20)}.${hex(50)}`],
  ['dropbox.token', `${hex(11)}${'A'.repeat(10)}${random(43)}`],
  ['twitter.bearer', `${'A'.repeat(22)}${random(60)}`],
  ['zapier.webhook', 'hooks.zapier.com/hooks/catch/123456/b7x2kq9'],
  ['tines.webhook', `tines.com/webhook/${hex(32)}/${HEX.slice(32)}`],
  ['password_hash', `$2b$12$${random(53)}`],
  ['password_hash', `$6$rounds=5000$${random(16)}$${random(64)}${random(22)}`],
  ['password_hash', `$argon2id$v=19$m=65536,t=3,p=4$${random(22)}$${random(43)}`],
  ['bitwarden.token', `0.${uuid}.${random(30)}`],
  ['asana.token', `1/1203456789012345:${hex(32)}`],
  ['private_key', `-----BEGIN RSA PRIVATE KEY-----\n${random(60)}\n-----END RSA PRIVATE KEY-----`],
  ['private_key', `-----BEGIN OPENSSH PRIVATE KEY-----\\n${random(60)}\\n-----END OPENSSH PRIVATE KEY-----`],
];

const NAMED: readonly (readonly [before: string, secret: string, after: string])[] = [
  ['postgres://app:', 'tr0ub4dor', '@db.internal:5432/app'],
  ['mongodb+srv://app:', 'k9!fGx22', '@cluster0.mongodb.net'],
  ['Authorization: Basic ', base64('ada:s3same-0pen'), ''],
  ['Authorization: Bearer ', random(40), ''],
  ['curl -u ada:', 's3same-0pen', ' https://api.example'],
  ['DB_PASSWORD=', 'k9fGx22pQ', ''],
  ['"clientSecret": "', random(32), '"'],
  ['<apiKey>', random(32), '</apiKey>'],
  ['--api-key ', random(32), ' --verbose'],
  ['aws_secret_access_key = ', random(40), ''],
  ['AccountKey=', `${random(64)}${random(22)}==`, ';EndpointSuffix=core.windows.net'],
  ['datadog: ', hex(32), ''],
  ['my twilio auth token is ', hex(32), ''],
  ['SERVICE SECRET ', random(28), ''],
  ['machine api.example.net login ada password ', 's3same0pen', ''],
  ["'secret_key'   =>      '", random(32), "'"],
  ['statuspage_key=', hex(32), ''],
];

const HARMLESS: readonly string[] = [
  'sha256:9f3c1a7be5d20486c7b1e94f0a6d8352b7e1c9405fd36a82917ecb04d5f8a263',
  `"integrity": "sha512-${base64(RANDOM)}"`,
  'github.com/pkg/errors v0.9.1 h1:FEBLx1zS214owpjy7qsBeixbURkuhQAwrK5UwLGTwt4=',
  'commit 9f3c1a7be5d20486c7b1e94f0a6d8352b7e1c940',
  'id: 123e4567-e89b-42d3-a456-426614174000',
  'password: string; token: Token; secret = getSecret(name)',
  'const apiKey = process.env.API_KEY;',
  'API_KEY=${API_KEY} password: {{ .Values.password }} token: <your token>',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtleWtleWtleWtleWtleWtleWtleWtleWtleQ ada@example.com',
  '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIB\n-----END PUBLIC KEY-----',
  'https://example.com/a/b?page=2&sort=name#section-4',
  'primary_key: customer_order_2024_items',
  'const signingKey = core_1.crypto.createPublicKey(leaf.publicKey)',
  'auth = X509WorkloadIdentityAuth, token: CachedX509Token | undefined',
  "'OpenAI-Beta': 'chatkit_beta=v1', 'w32-register-hot-key': 'w32-window-exists-p'",
  'Release GPG key: 9554F04D7259F04124DE6B476D5A82AC7E37093B',
  '"repository": "github:acme1/before-after-hook-key"',
  'https://files.example/0.3.1/9f/3c/9f3c1a7be5d20486c7b1e94f0a6d8352b7e1c9405fd36a82917ecb04d5f8a263.whl',
  'The secret of success is hard work, and the key is patience.',
];

const EXAMPLES: readonly string[] = [
  ['AKIA', 'IOSFODNN7', 'EXAMPLE'].join(''),
  ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/', 'bPxRfiCYEXAMPLEKEY'].join(''),
  `ghp_${'x'.repeat(36)}`,
  `sk-ant-api03-${'your-key-here-'.repeat(4)}`,
  'postgres://user:password@localhost/db',
  'amqp://rabbit7:rabbit7@localhost',
  'mongodb://app:mongodb@localhost:27017/db',
  `Authorization: Bearer ${['eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ', 'SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c'].join('.')}`,
];

describe('findSecrets', () => {
  it.each(SECRETS)('knows a %s by itself', (kind, secret) => {
    for (const [before, after] of [
      ['', ''],
      ['use ', ' now.'],
      ['"', '",'],
      ['https://a.example/?k=', '&x=1'],
      ['log\\n', '\\n'],
    ] as const) {
      const found = findSecrets(before + secret + after).filter(({ example }) => !example);
      expect(found).toContainEqual(expect.objectContaining({ kind, start: before.length }));
      expect(found.at(-1)?.end).toBeGreaterThanOrEqual(before.length + secret.length);
    }
  });

  it.each(NAMED)('knows what stands behind %j', (before, secret, after) => {
    const text = before + secret + after;
    const found = findSecrets(text).filter(({ example }) => !example);
    expect(found).toHaveLength(1);
    expect(text.slice(found[0]?.start, found[0]?.end)).toContain(secret);
  });

  it.each(HARMLESS)('takes nothing in %j for a secret', (text) => {
    expect(findSecrets(text).filter(({ example }) => !example)).toEqual([]);
  });

  it.each(EXAMPLES)('knows that %j is from documentation', (text) => {
    const found = findSecrets(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every(({ example }) => example)).toBe(true);
  });

  it('tells a token whose checksum holds from one that only has the shape', () => {
    const token = checked('ghp_', 30);
    const broken = token.slice(0, -1) + (token.endsWith('0') ? '1' : '0');
    expect(findSecrets(token)[0]?.certainty).toBe('checked');
    expect(findSecrets(broken)[0]?.certainty).toBe('shaped');
  });

  it('computes the checksum of the specification', () => {
    expect(crc32('123456789')).toBe(0xcbf43926);
    expect(endsInChecksum(checked('', 30))).toBe(true);
  });

  it('gives places in order, without overlaps and inside of the text', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        ...SECRETS.map(([, secret]) => secret),
        ...NAMED.map((parts) => parts.join('')),
        'password=',
        'secret: ',
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        let reach = 0;
        for (const { start, end } of findSecrets(text)) {
          expect(start).toBeGreaterThanOrEqual(reach);
          expect(end).toBeGreaterThan(start);
          reach = end;
        }
        expect(reach).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
