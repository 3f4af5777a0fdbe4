import { describe, expect, it } from 'vitest';
import { drawnness } from '../../../src/inspect/secret/drawn.ts';
import { findSecrets } from '../../../src/inspect/secret/find-secrets.ts';
import { keyNameOf } from '../../../src/inspect/secret/key-names.ts';
import type { Secret } from '../../../src/inspect/secret/secret.ts';
import { secretFinding } from '../../../src/inspect/secret/secret-finding.ts';

// Random characters, none of which was ever a credential.
const KEY = 'Vz8kQpL2xQ9s';
const LONG = 'q7ZtX2mB9dVcR4kLw8PfYs3NhJg6TuEa';
const HEX = '9f3c1a7be5d20486c7b1e94f0a6d8352';

const found = (text: string): readonly string[] =>
  findSecrets(text)
    .filter(({ example }) => !example)
    .map(({ start, end }) => text.slice(start, end));

/** Wherever a name and its value stand beside each other. */
const SYNTAXES: readonly ((name: string, value: string) => string)[] = [
  (name, value) => `${name}=${value}`,
  (name, value) => `"${name}": "${value}"`,
  (name, value) => `[${name}] ${value}`,
  (name, value) => `| ${name} | ${value} |`,
  (name, value) => `Use ${name} \`${value}\` for it`,
  (name, value) => `the ${name} is ${value}`,
  (name, value) => `the ${name} for the new box was changed to ${value}`,
  (name, value) => `**${name}:** ${value}`,
  (name, value) => `${name} (production): ${value}`,
  (name, value) => `${name} → ${value}`,
  (name, value) => `“${name}”: “${value}”`,
  (name, value) => `${name}%3D${value}`,
  (name, value) => `let ${name}: &str = "${value}";`,
  (name, value) => `${name} := []byte("${value}")`,
  (name, value) => `${name} = hex.DecodeString("${value}")`,
  (name, value) => `${name}("${value}")`,
  (name, value) => `variable "${name}" { default = "${value}" }`,
  (name, value) => `<meta name="${name}" content="${value}">`,
  (name, value) => `<${name}><![CDATA[${value}]]></${name}>`,
  (name, value) => `${name}:\n\n    ${value}\n`,
];

const NAMES: readonly string[] = [
  ...['api_key', 'clientSecret', 'AUTH_TOKEN', 'license_key', 'webhook_secret', 'signing_key', 'HASH_SALT'],
  ...[
    'totp_seed',
    'bearer',
    'session_token',
    'cookie_secret',
    'psk',
    'passphrase',
    'access_code',
    'private_key',
  ],
];

const TOLD: readonly string[] = [
  ...['clé API : ', 'API-Schlüssel: ', 'clave API: ', 'chiave API: ', 'API 密钥: ', 'APIキー: ', 'токен: '],
  ...[
    '密码是 ',
    'パスワードは ',
    'كلمة المرور: ',
    'hasło: ',
    'wachtwoord: ',
    'lösenord: ',
    'şifre: ',
    'Kennwort: ',
  ],
  ...['JSESSIONID=', 'requirepass ', 'admin:', 'apiKey: process.env.KEY ?? ', 'recovery key: '],
];

const AFTERWARDS: readonly string[] = [
  `paste ${LONG} when it asks for the token`,
  `I used ${KEY} as the password`,
  `use ${KEY} as password`,
];

const COMMANDS: readonly string[] = [
  ...[`mongosh "mongodb://h" -u admin -p ${KEY}`, `sqlcmd -S db -U sa -P ${KEY}`, `cqlsh -p ${KEY} -u ada h`],
  ...[
    `xfreerdp /u:ada /p:${KEY} /v:h`,
    `schtasks /create /ru ada /rp ${KEY} /tn t`,
    `lftp -u ada,${KEY} sftp://h`,
  ],
  ...[
    `openssl enc -aes-256-cbc -k ${KEY} -in a`,
    `net use Z: \\\\h\\s ${KEY} /user:ada`,
    `net user ada ${KEY} /add`,
  ],
  ...[
    `echo ${KEY} | sudo -S apt update`,
    `echo "ada:${KEY}" | chpasswd`,
    `htpasswd -cb .htpasswd ada ${KEY}`,
  ],
  ...[
    `sqlplus ada/${KEY}@//db.example:1521/D`,
    `wpa_passphrase home ${KEY}`,
    `http -a ada:${KEY} https://h.example`,
  ],
  ...[
    `vault login ${LONG}`,
    `wandb login ${HEX}`,
    `7z a -p${KEY} out.7z d`,
    `CREATE USER a IDENTIFIED BY '${KEY}'`,
  ],
  ...[
    `ConvertTo-SecureString "${KEY}" -Force`,
    `impacket-psexec acme/ada:${KEY}@h`,
    `psexec.py acme/ada:${KEY}@h`,
  ],
  ...[`rabbitmqctl add_user ada ${KEY}`, `ssh-keygen -t rsa -N ${KEY}`, `EXEC sp_addlogin 'ada', '${KEY}'`],
  ...[
    `jwt.sign(payload, "${KEY}")`,
    `createHmac('sha256', '${KEY}')`,
    `Fernet(b"${LONG}")`,
    `bot.run("${LONG}")`,
  ],
  ...[
    'enable password 7 0822455D0A16544541',
    'Server=db;Uid=sa;Pwd=kestrelgrove!;',
    `curl --proxy-user a:${KEY} h`,
  ],
  ...[
    'gmail app password: abcd wxyz efgh qrst',
    '2FA secret: K3Q7 ZTX2 MBVC R4KL',
    `Authorization: OAuth ${LONG}`,
  ],
  ...['passphrase: kestrel-grove-lantern-mist', `GenieKey ${HEX}`],
];

const COLUMNS: readonly string[] = [
  `name,password\nada,${KEY}\n`,
  `| user | api key |\n|---|---|\n| ada | ${KEY} |\n`,
  `user\ttoken\nada\t${KEY}`,
  `INSERT INTO users (name, password) VALUES ('ada', '${KEY}');`,
];

const HARMLESS: readonly string[] = [
  ...[`<li key="${LONG}">Milk</li>`, `primary_key: ${KEY}`, `cacheKey("${KEY}")`, `public key: ${LONG}`],
  ...[`nextPageToken: "${LONG}"`, `"continuation_token": "${LONG}"`, `data-sitekey="${LONG}"`],
  ...[`applicationServerKey: '${LONG}'`, `gpg --recv-keys ${HEX.slice(0, 16)}`, `keyId: '${HEX}'`],
  ...['const key = userMap2ById', 'new Tiktoken(o200k_base)'],
  ...['the token is valid for 90 days from 2026-01-20T10:20:30Z', 'password must have 8-16 characters'],
  ...[
    'api_key = YOUR_KEY_1234',
    'token = xxxxxxxx1234',
    'secret: <your-secret-2>',
    'password: ${PASSWORD_2}',
  ],
  ...[
    'docker run -p 8080:80 -u 1000 img',
    'git log -p 9f3c1a7be5..4e60b1c2d3',
    'ssh -p 2222 ada@h',
    'mkdir -p a/b2/c3d',
  ],
  ...['name,password\nada,required\n', 'user,token count\nada,1234567', 'SIOCGETPKEY = -0x7fdf969b'],
  ...[`posthog.init('phc_${LONG}${LONG.slice(0, 11)}')`, 'the key 482193-993755 is in the drawer'],
  ...[
    `commit ${HEX}9f3c1a7b fixes the token`,
    'password: please-fill-the-password-field',
    'License: LGPLv3+_or_GPLv2',
  ],
  ...['random seed = 1a2B3c4D5e', 'seed=0x9E3779B97F4A7C15', 'admin: U02AB3CD4EF'],
  ...[`Duplicate key ${KEY}`, `two children with the same key, \`${KEY}\``, `getByKey("${KEY}")`],
  ...[`Unexpected token ${KEY} in JSON`, `Dictionary key '${KEY}' was not found`],
  ...[`${HEX}  /etc/pam.d/common-password\n${HEX}`, `0203b+J+l/1WljTbjhzq/0plRPw\n${LONG}`],
  '<key>DevelopmentTeam</key><string>9A8B7C6D5E</string>',
  ...['password for u9x2K7z1Qm has expired', `We reset the password of account ${KEY}`],
  'sshd[812]: Failed password for invalid user x9K2z7Q1m from 203.0.113.7 port 50212 ssh2',
  '  PRIMARY KEY (`id`),\n  KEY `IDX_8D93D649E7927C74` (`email`),\n  KEY `FKhfh9dx7w3ubf1co1vdev94g3f` (`user_id`)',
];

describe('a value behind the name of a key', () => {
  it.each(NAMES)('is found behind %s in whatever syntax', (name) => {
    for (const write of SYNTAXES) {
      const text = write(name, KEY);
      expect(
        found(text).some((secret) => secret.includes(KEY)),
        text,
      ).toBe(true);
    }
  });

  it.each(TOLD)('is found behind %j', (before) => {
    expect(found(`${before}'${LONG}'`).length + found(before + KEY).length).toBeGreaterThan(0);
  });

  it.each(AFTERWARDS)('is found where the name comes after it: %j', (text) => {
    expect(found(text)).toHaveLength(1);
  });

  it.each(COMMANDS)('is found in %j', (text) => {
    expect(found(text)).not.toEqual([]);
  });

  it.each(COLUMNS)('is found under its heading: %j', (text) => {
    expect(found(text)).toEqual([KEY]);
  });

  it.each(HARMLESS)('is not taken from %j', (text) => {
    expect(found(text)).toEqual([]);
  });

  it.each(['12345678901234567890123456789012', '123456789012', '12345678-1234-1234-1234-123456789012'])(
    'may be all digits where a service is named and a key word stands beside it: %s',
    (digits) => {
      expect(found(`my datadog api key: ${digits}`)).toEqual([digits]);
      expect(found(`datadog_api_key = "${digits}"`)).toEqual([digits]);
      expect(found(`datadog case: ${digits}`)).toEqual([]);
    },
  );

  it.each(['xxxxxxxxxxxxxxxx', 'YOUR_API_KEY', '0000000000000000', 'aaaaaaaabbbbbbbb'])(
    'is no place to fill in, even of a service that is named: %s',
    (value) => {
      expect(found(`datadog_api_key = "${value}"`)).toEqual([]);
    },
  );

  it.each([
    ...[
      'key ',
      'key=a1',
      'a1 is ',
      'login -u a -p a1',
      'token(',
      '%3D',
      'x,token\n',
      'net use a ',
      'password ',
    ],
    ...[
      '(a,password)values(',
      'echo a | ',
      'pass: abc-',
      'secret ABCD ',
      'jwt.sign(',
      '1-',
      '482193-',
      'A1B2C-',
    ],
  ])('is looked for in linear time among many %j', (unit) => {
    const text = unit.repeat(100_000 / unit.length);
    expect(found(text).every((secret) => secret.length > 0)).toBe(true);
  });

  it('is looked for in linear time among brackets that nothing opened', () => {
    expect(found('key ) 12345678'.repeat(150_000))).toEqual([]);
  });

  it('is found behind the name that a property list gives it', () => {
    expect(found(`<key>ApiToken</key>\n\t<string>${KEY}</string>`)).toEqual([KEY]);
  });
});

describe('the name of a value', () => {
  it.each([
    ['password', ['DB_PASSWORD', 'rootPw', 'ssh_pass', 'credentials', 'hasło']],
    ['certain', ['apiKey', 'client_secret', 'GH_TOKEN_2', 'access code', 'hash_salt', 'STRIPE_SECRET_PROD']],
    ['likely', ['key', 'x_auth', 'salt', 'acme key']],
    [undefined, ['monkey', 'sort_key', 'next_token', 'public key', 'keyId', 'zip code', 'title', '']],
  ] as const)('says %s of a credential: %j', (says, names) => {
    for (const name of names) expect(keyNameOf(name), name).toBe(says);
  });
});

describe('what looks drawn', () => {
  it('counts what nobody writes, and nothing of names and numbers', () => {
    for (const written of [
      'getUserNameFromToken',
      'eu-west-2b',
      'Node18',
      '2026-11-21',
      'HTTP2',
      'release-candidate-3',
    ])
      expect(drawnness(written), written).toBe(0);
    for (const drawn of [KEY, LONG, HEX, 'k7q2m9x4t1'])
      expect(drawnness(drawn), drawn).toBeGreaterThanOrEqual(7);
  });
});

describe('a name that may mean something else', () => {
  it.each(['seed', 'admin', 'signature', 'pin'])('makes a value only likely to be one: %s', (name) => {
    const [secret] = findSecrets(`{"${name}": "${KEY}"}`);
    expect(secret?.certainty).toBe('likely');
    expect(secretFinding(secret as Secret, '')?.severity).toBe('low');
  });

  it('is certain of `api_key` and `password`', () => {
    for (const name of ['api_key', 'password']) {
      expect(findSecrets(`{"${name}": "${KEY}"}`)[0]?.certainty).toBe('named');
    }
  });
});

describe('a value in the query of a URL', () => {
  it.each([
    `GET /v1/list?api_key=${HEX}&limit=10&user=ada HTTP/1.1`,
    `https://api.example/?user=ada&token=${HEX}&page=2#top`,
    `https://api.example/?user=ada&token=${HEX}#top`,
  ])('ends where the next one begins: %s', (text) => {
    expect(found(text)).toEqual([HEX]);
  });
});
