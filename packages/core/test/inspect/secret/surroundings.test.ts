import { describe, expect, it } from 'vitest';
import { findSecrets } from '../../../src/inspect/secret/find-secrets.ts';

// Random characters, none of which was ever a credential.
const RANDOM = 'q7ZtX2mB9dVcR4kLw8PfYs3NhJg6TuEa5QoMxKi1';
const HEX = '9f3c1a7be5d20486c7b1e94f0a6d8352';
const UUID = '9f3c1a7b-e5d2-4486-a7b1-e94f0a6d8352';
const SHORT = 'Zt9k2Qw8m';

const found = (text: string): readonly string[] =>
  findSecrets(text)
    .filter(({ example }) => !example)
    .map(({ start, end }) => text.slice(start, end));

/** Wherever people and programs put the key of a service. */
const PLACES: readonly (readonly [string, (key: string) => string])[] = [
  ['a variable of the environment', (key) => `DATADOG_API_KEY=${key}`],
  ['JSON', (key) => `{"datadog_token": "${key}"}`],
  ['YAML', (key) => `datadog:\n  api_key: ${key}\n`],
  ['a block of YAML', (key) => `datadog:\n  api_key: |\n    ${key}\n`],
  ['an option', (key) => `tool --datadog-key ${key} --verbose`],
  ['a constant', (key) => `const datadogToken = "${key}";`],
  ['a string of Python', (key) => `datadog_token = '''${key}'''`],
  ['prose', (key) => `my datadog key is ${key}`],
  ['a constructor', (key) => `client = new DatadogClient("${key}")`],
  ['a method', (key) => `datadog.configure('${key}')`],
  ['a log', (key) => `[INFO] Sending a request to the datadog API\n[DEBUG] Using Key=${key}`],
  ['XML', (key) => `<id>datadog</id>\n<secret>{${key}}</secret>`],
  ['a header', (key) => `curl -H "X-Datadog-Key: ${key}" https://api.datadog.example/v1`],
  ['a query', (key) => `https://api.datadog.example/v1?api_key=${key}`],
  ['a provider of Terraform', (key) => `provider "datadog" {\n  api_key = "${key}"\n}`],
  ['an INI file', (key) => `[datadog]\nkey = ${key}\n`],
  ['brackets', (key) => `the datadog key (${key})`],
  ['a list of settings', (key) => `datadog token; ${key}`],
  ['a table', (key) => `datadog | '${key}'`],
];

const CURL: readonly (readonly [string, string])[] = [
  [`curl -u 'k9x2-user':'${SHORT}' https://h.example`, SHORT],
  [`curl -u ":${SHORT}" https://h.example`, SHORT],
  [`curl -X POST --user=deploy:${SHORT} https://h.example`, SHORT],
  [`curl -u "${SHORT}:" https://h.example`, SHORT],
  [`curl https://h.example -H "X-Api-Key: ${SHORT}"`, SHORT],
  [`curl https://h.example -H "Authorization: ${SHORT}"`, SHORT],
  [`curl https://h.example --header='Authorization: Token ${SHORT}'`, SHORT],
  [`curl -A libcurl/8.1 -u ada:${SHORT} https://h.example`, SHORT],
  [`curl https://h.example/curly -sSu ada:${SHORT}`, SHORT],
  [`CURL -u ada:${SHORT} https://h.example`, SHORT],
];

/** Programs that do not ask for the case of their names and options. */
const WINDOWS: readonly string[] = [
  `PsExec.exe \\\\host -u admin -p ${SHORT} cmd`,
  `connect-exchange -Credential x -password ${SHORT}`,
  `net use Z: \\\\host\\share /USER:ada ${SHORT}`,
];

const HARMLESS: readonly string[] = [
  'curl -u $USER:$PASS https://h.example',
  'curl -u user:${PASSWORD} https://h.example',
  'curl -u username:api_key https://h.example',
  'curl -u "user:password" https://h.example',
  'curl -H "X-Api-Key: YOUR_API_KEY" https://h.example',
  'curl -H "Authorization: Bearer ACCESS_TOKEN" https://h.example',
  'curl -H "X-Token: authorizationToken" https://h.example',
  'curl -H "Authorization: Basic dXNlcjpwYXNz" https://h.example',
  "{'username': 'ada', 'password': 'ada.github', 'repository': 'r'}",
  'Shopping Account Password: password123 Bank Account Number: 77',
  "words = ['URL-PASSWORD',\n 'URL-USERID', 'PASSWD',\n 'X11-CLIENT']",
  "HEX_PAT = '[0-9A-Fa-f]{1,4}' and LS32_PAT = '(?:{hex}:{hex}|{ipv4})'",
  'const token = `aegis_${randomBytes(32).toString("hex")}`',
  'token = zipfile.ZipFile(self.stream, allow_zip_64=True)',
  'CC=clang-14 CXX=clang++-14 make, colorama==0.4.6\ndistlib==0.3.6',
  '.tar.bz2: application/x-bzip2',
  'Ada Lovelace <ada@redhat.example>\n  `C82FA3AE1CBEDC6BE46B9360C43CEC45C17AB93C`',
  `box: ${HEX}`,
  `manifest = "${HEX}"`,
  'survey = "customer_satisfaction_2024_q3"',
  'twist: https://twist.example/a/1234/b5678c',
  `stripe.retrieve("${UUID}")`,
  'new DatadogClient("production-cluster-2")',
  'new HttpApiClient("https://api.example/v2/items")',
  `the primary key is ${UUID}`,
  `datadog event (${UUID})`,
  `the cache key is user-1234-${UUID}`,
  `The key is sha256:${HEX}${HEX}`,
  'the token is 2026-11-21T10:20:30.123Z-00000001',
  'curl -Ou http://a:80/x',
  'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-a1B2c3',
];

describe('the key of a service', () => {
  it.each(PLACES)('is found in %s', (_, place) => {
    for (const key of [RANDOM, HEX]) {
      const text = place(key);
      expect(
        found(text).some((secret) => secret.includes(key)),
        text,
      ).toBe(true);
    }
  });

  it.each(['heroku key is', '[heroku]\nkey =', 'new Heroku(', 'HEROKU_API_KEY='])(
    'is a UUID behind %j',
    (before) => {
      const text = before.endsWith('(') ? `${before}"${UUID}")` : `${before} ${UUID}`;
      expect(found(text)).toEqual([UUID]);
    },
  );

  it.each(['box', 'duo', 'mux', 'sanity', 'wit'])(
    'is found where the name of the service is a word: %s',
    (name) => {
      expect(found(`${name} = '${RANDOM}'`)).toEqual([RANDOM]);
      expect(found(`"${name}_api": "${RANDOM}"`)).toEqual([RANDOM]);
      expect(found(`the ${name} ${RANDOM}`)).toEqual([]);
    },
  );

  it.each([
    ['debounce:\n  api_key: ', '2lgdTPpuZRwmK'],
    ['my kanban key is ', 'IRWHXD700LUI'],
    ['cashboard_key=', 'XCK-02B-WIB-X11'],
  ])('is known by its length behind %j', (before, key) => {
    expect(found(before + key)).toEqual([key]);
  });

  it.each(CURL)('is found in %j', (text, secret) => {
    expect(found(text)).toEqual([secret]);
  });

  it.each(WINDOWS)('is found in whatever case: %j', (text) => {
    expect(found(text)).toEqual([SHORT]);
  });

  it.each(HARMLESS)('is not taken from %j', (text) => {
    expect(found(text)).toEqual([]);
  });

  it.each([
    'curl -u ',
    'curl -H "x-key: ',
    "curl -u 'a",
    '<secret>',
    'new AClient("',
    'a1',
    'datadog[',
    'box = ',
  ])('is looked for in linear time among many %s', (unit) => {
    const text = unit.repeat(100_000 / unit.length);
    expect(found(text).every((secret) => secret.length > 0)).toBe(true);
  });
});
