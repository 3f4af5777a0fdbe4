import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/decide.ts';
import { type CallSketch, call, manifest } from '../call.ts';
import { compileFile, policyOfFile, rulesOf } from './read.ts';

const STRICT = `
allowedDomains:
  - api.model.example
allowedMethods:
  - POST
blockedPaths:
  - /
filesystem:
  sandboxRoot: ./workspace
  denyPatterns: ["**/*", .env, "**/keys/*"]
promptIntegrity:
  enabled: false
`;

const OPEN = `
allowedDomains: [api.model.example, "*.code.example", localhost]
allowedMethods: [GET, post]
piiDataGuard: { enabled: false }
`;

const READS: CallSketch = { tool: 'read', capabilities: ['fs.read'] };
const SENDS: CallSketch = { tool: 'send', capabilities: ['net.egress'], args: { method: 'POST' } };

function effectOf(text: string, sketch: CallSketch): string {
  const { effect, rule } = decide(policyOfFile(text), call(sketch));
  return rule === undefined ? effect : `${effect} by ${rule}`;
}

describe('a policy of lists', () => {
  it('is native rules: what is blocked, what is open, and nothing beside it', () => {
    const network = { host: ['api.model.example'], 'args.method': ['POST', 'post'] };
    const files = { under: ['/srv/policy/workspace'] };
    const match = 'tools/call';
    expect(rulesOf(STRICT)).toEqual([
      {
        name: 'denyPatterns',
        match: '*',
        action: 'deny',
        when: { path: ['*/.env', '*/.env/*', '*/keys/*'] },
        reason: 'this path is blocked',
      },
      {
        name: 'allowedDomains and sandboxRoot',
        match,
        action: 'allow',
        when: { capability: ['net.egress', 'fs.read', 'fs.write', 'fs.delete'], ...network, path: files },
      },
      {
        name: 'allowedDomains',
        match,
        action: 'allow',
        when: { capability: ['net.egress'], ...network, path: { exists: false } },
      },
      {
        name: 'sandboxRoot',
        match,
        action: 'allow',
        when: { capability: ['fs.read', 'fs.write', 'fs.delete'], host: { exists: false }, path: files },
      },
      {
        name: 'not in allowedDomains',
        match: '*',
        action: 'deny',
        when: { host: { exists: true } },
        reason: 'only the allowed domains are open, with the allowed methods',
      },
      {
        name: 'not in sandboxRoot',
        match: '*',
        action: 'deny',
        when: { path: { exists: true } },
        reason: 'only files under the root of the sandbox are open',
      },
    ]);
  });

  const inside = '/srv/policy/workspace/notes.md';
  it.each<[string, CallSketch, string]>([
    ['reads a document in the sandbox', { ...READS, paths: [inside] }, 'allow by sandboxRoot'],
    [
      'reads what is denied by name, in the sandbox too',
      { ...READS, paths: ['/srv/policy/workspace/.env'] },
      'deny by denyPatterns',
    ],
    [
      'reads a private key of the home folder',
      { ...READS, paths: ['/home/ada/.ssh/id_rsa'] },
      'deny by not in sandboxRoot',
    ],
    [
      'reads a folder that only begins with the same name',
      { ...READS, paths: ['/srv/policy/workspace-old/notes.md'] },
      'deny by not in sandboxRoot',
    ],
    [
      'carries a second path out of the sandbox',
      { ...READS, paths: [inside, '/etc/passwd'] },
      'deny by not in sandboxRoot',
    ],
    ['posts to the model', { ...SENDS, hosts: ['api.model.example'] }, 'allow by allowedDomains'],
    [
      'posts a file of the sandbox to the model',
      {
        ...SENDS,
        capabilities: ['net.egress', 'fs.read'],
        hosts: ['api.model.example'],
        paths: [inside],
      },
      'allow by allowedDomains and sandboxRoot',
    ],
    ['posts elsewhere', { ...SENDS, hosts: ['drop.example'] }, 'deny by not in allowedDomains'],
    [
      'posts to the model and elsewhere at once',
      { ...SENDS, hosts: ['api.model.example', 'drop.example'] },
      'deny by not in allowedDomains',
    ],
    [
      'uses another method',
      { ...SENDS, hosts: ['api.model.example'], args: { method: 'DELETE' } },
      'deny by not in allowedDomains',
    ],
    [
      'does not say which method it uses',
      { ...SENDS, hosts: ['api.model.example'], args: {} },
      'deny by not in allowedDomains',
    ],
    ['sends nobody knows where', { ...SENDS, hosts: [] }, 'deny'],
    [
      'runs a command',
      { tool: 'run', capabilities: ['exec'], paths: [inside] },
      'deny by not in sandboxRoot',
    ],
    ['writes to a database', { tool: 'query', capabilities: ['db.write'] }, 'deny'],
  ])('an agent that %s', (_, sketch, expected) => {
    const files = manifest([
      { name: 'read', capabilities: ['fs.read'] },
      { name: 'send', capabilities: ['net.egress', 'fs.read'] },
      { name: 'run', capabilities: ['exec'] },
      { name: 'query', capabilities: ['db.write'] },
    ]);
    expect(effectOf(STRICT, { manifest: files, ...sketch })).toBe(expected);
  });

  it('lets no tool through for an allowed host among its arguments', () => {
    const sketch = { tool: 'wipe', capabilities: ['unclassified'], hosts: ['api.model.example'] } as const;
    expect(effectOf(STRICT, { ...sketch, args: { method: 'POST' } })).toBe('deny by not in allowedDomains');
  });

  it.each([
    ['code.example', 'deny by not in allowedDomains'],
    ['git.code.example', 'allow by allowedDomains'],
    ['localhost', 'allow by allowedDomains'],
  ])('takes %s as its globs say', (host, expected) => {
    expect(effectOf(OPEN, { ...SENDS, hosts: [host] })).toBe(expected);
  });

  it('without a root of a sandbox opens no file', () => {
    expect(effectOf(OPEN, { ...READS, paths: [inside] })).toBe('deny');
  });

  it('with an empty list of domains opens no host, whatever another file says', () => {
    expect(rulesOf('allowedDomains: []\n')).toMatchObject([
      { name: 'not in allowedDomains', action: 'deny' },
    ]);
  });

  it('blocks a folder with everything in it, in the sandbox and without one', () => {
    const text = 'blockedPaths: [/etc, workspace/private]\nfilesystem: { sandboxRoot: workspace }\n';
    const reads = (path: string): string => effectOf(text, { ...READS, paths: [path] });
    expect(reads('/srv/policy/workspace/private/a')).toBe('deny by blockedPaths');
    expect(reads('/etc')).toBe('deny by blockedPaths');
    expect(reads('/srv/policy/workspace/privates')).toBe('allow by sandboxRoot');
    expect(effectOf('blockedPaths: [/]\n', { ...READS, paths: [inside] })).toBe('deny by blockedPaths');
  });

  it('says of each part that it cannot keep, and of every mistake, where it stands', () => {
    const { policy, faults } = compileFile(`allowedDomans: [a.example]
allowedDomains: ["https://a.example/x", a.example, a.example]
allowedMethods: [GTE]
blockedPaths: ["~/.ssh", "*.{pem,key}"]
rateLimits: { requestsPerHour: 9, requestsPerMinute: 0 }
filesystem:
  sandboxRoot: ["a"]
  sandbox: b
promptIntegrity: { enabled: 'yes', blockEverything: true }
piiDataGuard:
  enabled: true
  detectPatterns:
    - a: '(a'
    - b: 'b*'
    - { aB: 'c', a-b: 'd' }
  action: BLOCK_AND_WEEP
`);
    expect(policy).toBeUndefined();
    expect(faults.map((fault) => fault.replace(/\n {2}help: /, ' | '))).toEqual([
      'policy.yaml:1:1: unknown key `allowedDomans` | did you mean `allowedDomains`?',
      'policy.yaml:2:18: `https://a.example/x` is not a host | a host has no scheme, port and path: `api.example.org` or `*.example.org`',
      'policy.yaml:2:52: `a.example` is listed twice',
      'policy.yaml:3:18: unknown method `GTE` | did you mean `GET`?',
      'policy.yaml:4:16: `~/.ssh` is in the home folder of whoever runs Aegis | write the whole path',
      'policy.yaml:4:26: `*.{pem,key}` has more than `*`, `**` and `?` in it | write a pattern for each of the names',
      'policy.yaml:5:15: unknown key `requestsPerHour` | did you mean `requestsPerMinute`?',
      'policy.yaml:5:54: `requestsPerMinute` must be a whole number from 1 to 1000000',
      'policy.yaml:7:16: `sandboxRoot` must be a string, not a list',
      'policy.yaml:8:3: unknown key `sandbox` | expected one of `sandboxRoot`, `denyPatterns`',
      'policy.yaml:9:29: `enabled` must be a boolean, not a string',
      'policy.yaml:9:36: unknown key `blockEverything` | expected one of `enabled`, `blockJailbreaks`',
      'policy.yaml:13:10: the pattern `a`: missing closing ): `(a`',
      'policy.yaml:14:10: the pattern `b`: it matches the empty text, and so every text',
      'policy.yaml:15:18: a pattern `a-b` exists already',
      'policy.yaml:16:11: unknown action `BLOCK_AND_WEEP` | did you mean `BLOCK_AND_REDACT`?',
    ]);
  });

  it('refuses methods of no domain', () => {
    expect(compileFile('allowedMethods: [GET]\n').faults[0]).toBe(
      'policy.yaml:1:1: there is no domain that the methods are for\n  help: list the domains in `allowedDomains`',
    );
  });
});
