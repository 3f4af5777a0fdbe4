import { describe, expect, it } from 'vitest';
import { isPlain, isSecret, secretArguments, withoutCredentials } from '../../src/clients/plain-value.ts';

describe('a value that may stand as text', () => {
  it.each([
    ['LOG_LEVEL', 'debug'],
    ['PORT', '8080'],
    ['READ_ONLY', 'true'],
    ['ROOT', '/home/ana/My Documents/2026'],
    ['ROOT', 'C:\\Users\\ana'],
    ['HOST', 'db-1.internal.example.org:5432'],
    ['URL', 'https://api.example.org/v2/mcp'],
    ['AWS_REGION', 'eu-central-1'],
    ['GOOGLE_APPLICATION_CREDENTIALS', '/home/ana/keys/service.json'],
    ['MAX_TOKENS', '4096'],
    ['NODE_OPTIONS', '--max-old-space-size=4096'],
    ['API_KEY', ''],
  ])('%s=%s', (name, value) => {
    expect(isPlain(name, value)).toBe(true);
  });
});

describe('a value that may be a credential', () => {
  it.each([
    ['GITHUB_TOKEN', 'anything'],
    ['apiKey', 'anything'],
    ['X-Api-Key', 'anything'],
    ['Authorization', 'Bearer x'],
    ['DB_PASS', 'hunter2'],
    ['COOKIE', 'a=b'],
    ['VALUE', 'ghp_0123456789abcdefghijABCDEFGHIJ012345'],
    ['VALUE', 'sk-proj-abcdefghijkl'],
    ['VALUE', 'q8Zk3VnW0xYt7LmPqRsT'],
    ['VALUE', '550e8400-e29b-41d4-a716-446655440000'],
    ['VALUE', 'AKIAIOSFODNN7EXAMPLE'],
    ['DATABASE_URL', 'postgres://app:pw@db/app'],
    ['URL', 'https://x.example/mcp?token=abc'],
    ['URL', 'https://x.example/q8Zk3VnW0xYt7LmPqRsT/mcp'],
    ['HEADER', 'Basic dXNlcjpwYXNz'],
    ['JWT_LIKE', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc'],
    ['TEXT', 'word '.repeat(200)],
  ])('%s=%s', (name, value) => {
    expect(isPlain(name, value)).toBe(false);
  });
});

describe('a credential as far as one can see', () => {
  it.each([
    ['GITHUB_TOKEN', 'abc', true],
    ['DATABASE_URL', 'postgres://app:pw@db/app', true],
    ['PWD', '/home/ana/q8Zk3VnW0xYt7LmPqRsT', true],
    ['OLDPWD', '/home/ana/q8Zk3VnW0xYt7LmPqRsT', false],
    ['MAX_TOKENS', '4096', false],
    ['SSH_AUTH_SOCK', '/tmp/ssh/agent.sock', false],
    ['HOME', '/home/ana', false],
    ['TOKEN', '', false],
  ])('%s=%s: %s', (name, value, secret) => {
    expect(isSecret(name, value)).toBe(secret);
  });
});

describe('the credentials of a command line', () => {
  it.each([
    [['npx', '-y', 'server', '--token', 'abc'], [4]],
    [['server', '--api-key=abc', '--port=8080'], [1]],
    [['server', '--token-limit', '500', '--token-file', '/run/token.txt'], []],
    [['docker', 'run', '-e', 'GITHUB_TOKEN', 'image'], []],
    [['docker', 'run', '-e', 'GITHUB_TOKEN=ghp_0123456789', 'image'], [3]],
    [['server', '--password', '${PASSWORD}'], []],
    [['mcp-remote', 'https://x.example/sse', '--header', 'Authorization: Bearer abc'], [3]],
    [['mcp-remote', 'https://x.example/sse', '--header', 'Authorization:${AUTH}'], []],
    [['server', 'postgres://app:pw@db/app'], [1]],
    [['server', 'postgres://db/app', '--verbose'], []],
    [['server', 'sk-proj-abcdefghijkl'], [1]],
  ])('%j: %j', (command, secret) => {
    expect(secretArguments(command)).toEqual(secret);
  });
});

it('a URL is shown without what may be a credential', () => {
  expect(withoutCredentials('https://x.example/mcp')).toBe('https://x.example/mcp');
  expect(withoutCredentials('https://a:b@x.example/mcp?key=c')).toBe('https://x.example/mcp');
});
