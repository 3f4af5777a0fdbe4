import { describe, expect, it } from 'vitest';
import { findSecrets } from '../../../src/inspect/secret/find-secrets.ts';

const RANDOM = 'q7ZtX2mB9dVcR4kLw8PfYs3NhJg6TuEa5QoMxKi1CbGrDzHyWvUjSnFpAeOlIqt0';
const HEX = '9f3c1a7be5d20486c7b1e94f0a6d8352b7e1c9405fd36a82917ecb04d5f8a263';
const random = (length: number): string => RANDOM.repeat(4).slice(0, length);
const hex = (length: number): string => HEX.repeat(4).slice(0, length);
const uuid = `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const found = (text: string): readonly (readonly [string, string])[] =>
  findSecrets(text)
    .filter(({ example }) => !example)
    .map(({ kind, start, end }) => [kind, text.slice(start, end)] as const);

const pem = `-----BEGIN EC PRIVATE KEY-----\n${random(120)}\n-----END EC PRIVATE KEY-----`;
const jwt = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${random(20)}.${random(43)}`;

const MARKED: readonly (readonly [kind: string, secret: string])[] = [
  ['slack.webhook', `hooks.slack.com/triggers/T${random(8)}/1234567890123/${random(32)}`],
  ['zapier.webhook', `hooks.zapier.com/hooks/catch/${random(16)}`],
  [
    'power_automate.webhook',
    `/workflows/${hex(32)}/triggers/manual/paths/invoke?api-version=1&sp=x&sig=${random(43)}`,
  ],
  ['thingsboard.token', `thingsboard.cloud/api/v1/${random(20)}`],
  ['azure.storage_key', `${random(76)}+ASt${random(5)}A==`],
  ['azure.shared_key', `${random(33)}+ASb${random(6)}=`],
  ['azure.search_key', `${random(42)}AzSe${random(6)}`],
  ['azure.registry_password', `${random(42)}+ACR${random(6)}`],
  ['newrelic.mobile_token', `eu01xx${hex(36)}-NRMA`],
  ['telegram.token', `5123456:A${random(34)}`],
  ['facebook.app_token', `1234567890123456|${random(27)}`],
  ['salesforce.session', `00D${random(12)}!${random(90)}`],
  ['webex.token', `${random(64)}_PF84_${uuid}`],
  ['fal.key', `${uuid}:${hex(32)}`],
  ['nvidia.registry_key', `${random(26)}:${uuid}`],
  ['tableau.token', `${random(22)}==:${random(32)}`],
  ['zhipu.key', `${hex(32)}.${random(16)}`],
  ['unleash.token', `default:development.${hex(56)}`],
  ['password_hash', `$2b$12$${random(51)}/Y`],
  ['password_hash', `$apr1$${random(8)}$${random(22)}`],
  ['password_hash', `{SSHA}${random(38)}==`],
  ['password_hash', `$8$${random(14)}$${random(43)}`],
  ['password_hash', `$krb5tgs$23$*ada$ACME$http/web*$${hex(64)}${hex(64)}`],
  ['private_key', base64(pem)],
  ['jwt', base64(jwt)],
];

const PLACED: readonly (readonly [kind: string, before: string, secret: string, after: string])[] = [
  ['sidekiq.secret', 'BUNDLE_ENTERPRISE__CONTRIBSYS__COM=', `${hex(8)}:${HEX.slice(8, 16)}`, ';'],
  ['blynk.secret', `oa2-client-id_${random(32)}:`, random(40), ''],
  ['netrc', 'default login ada password ', 's3same0pen', '\n'],
  ['password_hash', 'ada:1001:', `${hex(32)}:${HEX.slice(32)}`, ':::'],
  ['registry_login', '{"auths":{"r.example":{"auth":"', base64('ada:s3same-0pen'), '"}}}'],
  ['kubernetes.secret', 'kind: Secret\ndata:\n  password: ', base64('s3same-0pen-7Gh2'), '\n'],
  ['kubernetes.secret', '{"kind":"Secret","data":{"tls": "', base64('s3same-0pen-7Gh2'), '"}}'],
  ['call_password', 'new NetworkCredential("ada", "', 'k9fGx22pQ', '")'],
  ['call_password', 'new DirectoryEntry("LDAP://dc", "ada", "', 'k9fGx22pQ', '")'],
  ['call_password', "auth=('ada', '", 'k9fGx22pQ', "')"],
  ['command_password', 'psexec \\\\host -u ada -p ', 'k9fGx22pQ', ' cmd'],
  ['command_password', 'net use Z: \\\\host\\c$ /user:ada ', 'k9fGx22pQ', ''],
  ['command_password', 'smbclient //host/share -U ada%', 'k9fGx22pQ', ''],
  ['command_password', "the default password for user 'ada' is '", 'k9fGx22pQ', "'."],
  ['command_password', "credentials { username 'ada'\n password '", 'k9fGx22pQ', "' }"],
  ['assigned', '<add key="SmtpPassword" value="', 'k9fGx22pQ', '" />'],
  ['assigned', '- name: DB_PASSWORD\n  value: ', 'k9fGx22pQ', '\n'],
  ['assigned', '{"name": "API_TOKEN", "value": "', random(32), '"}'],
  ['assigned', "if (password !== '", 'k9fGx', "')"],
  ['assigned', 'password = "', 'yCggGZZqx', '"'],
  ['assigned', 'DB_PASSWORD="', 'a8D(1dM=Yr3q%)', '"'],
  ['assigned', 'DB_PASSWORD=', 'Welcome2company', '\n'],
  ['assigned', 'mockaroo_key: ', '42fc56d9', ''],
];

describe('a credential with a mark inside', () => {
  it.each(MARKED)('a %s is found by itself and in a sentence', (kind, secret) => {
    for (const text of [secret, `see ${secret} in the log`, `"${secret}"`]) {
      expect(found(text)).toContainEqual([kind, secret]);
    }
  });

  it.each(PLACED)('a %s is found behind %j', (kind, before, secret, after) => {
    expect(found(before + secret + after)).toContainEqual([kind, secret]);
  });

  it.each([
    ['a picture in base64', `data:image/png;base64,${base64('a picture '.repeat(40))}`],
    ['a Secret without data', 'kind: Secret\nmetadata:\n  name: my-secret\n'],
    ['a ConfigMap', 'kind: ConfigMap\ndata:\n  level: informational\n'],
    ['a public key in base64', base64('-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0D\n')],
    [
      'a private key to be filled in',
      '-----BEGIN PRIVATE KEY-----\n${key.toString("base64")}\n-----END PRIVATE KEY-----',
    ],
    ['a call without literals', 'new NetworkCredential(user, readPassword2())'],
    ['a hidden field against forgery', `<input name="authenticity_token" value="${random(40)}" />`],
    ['a digest of a file', `"src/private-key.ts": "${hex(40)}"`],
    ['a name in a program', 'exports.AuthenticationMD5Password = AuthenticationMD5PasswordMessage'],
    ['a word that is passed by', 'const bypass = "Crc16Encoding1"'],
    ['a version with a UUID', `release 1.2.3 of ${uuid}`],
  ])('%s is none', (_, text) => {
    expect(found(text)).toEqual([]);
  });

  it.each([
    ...[
      '_aaaa',
      ':Aaaa',
      '$6$a',
      'kind: Secret data: ',
      'ZXlK',
      '"auth":"',
      'name value=',
      '=9A-',
      ':::',
      '.a1',
    ],
    ...[
      'login(',
      "auth=('a',",
      'psexec -p ',
      '"kty","d":"',
      'LS0tLS1CRUdJTi',
      'datadog token ',
      'hooks.zapier.com/',
    ],
  ])('is looked for in linear time among many %s', (unit) => {
    const text = unit.repeat(100_000 / unit.length);
    expect(found(text).every(([, secret]) => secret.length > 0)).toBe(true);
  });
});
