// Aegis calls nobody: its commands, its daemon, its demo and both SDKs at work in a network without a way out, with every try
// to leave counted. `node scripts/egress.ts` does the same with every test that there is; that is too long for each change.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executable, root } from '../e2e/aegis.ts';
import { createWorkspace, type Workspace } from '../e2e/workspace.ts';
import { attemptsIn } from './attempts.ts';
import { canIsolate, observe } from './namespace.ts';

const node = process.execPath;
const source = [node, '--conditions=@aegis/source', '--disable-warning=ExperimentalWarning'];

describe('what counts as a try to leave', () => {
  it.each([
    [
      'connect(21, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.7")}, 16) = -1',
      '192.0.2.7 port 443',
    ],
    [
      '7 connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 0',
      'the name server 127.0.0.53',
    ],
    [
      'connect(3, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28 <unfinished ...>',
      '2001:db8::1 port 80',
    ],
    [
      'sendto(4, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(514), sin_addr=inet_addr("10.0.0.9")}, 16) = 1',
      '10.0.0.9 port 514',
    ],
    [
      'connect(3, {sa_family=AF_UNIX, sun_path="/run/systemd/resolve/io.systemd.Resolve"}, 42) = 0',
      'the name service at "/run/systemd/resolve/io.systemd.Resolve"',
    ],
    [
      'connect(3, {sa_family=AF_PACKET, sll_protocol=htons(ETH_P_IP)}, 20) = 0',
      '{sa_family=AF_PACKET, sll_protocol=htons(ETH_P_IP)}',
    ],
  ])('%s', (line, to) => {
    expect(attemptsIn(line).map((attempt) => attempt.to)).toEqual([to]);
  });

  it.each([
    'connect(21, {sa_family=AF_INET, sin_port=htons(8080), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
    'connect(21, {sa_family=AF_INET6, sin6_port=htons(1), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
    'connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT',
    'sendto(3, [{nlmsg_len=20}], 20, 0, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 20',
    'write(1, "connect", 7) = 7',
  ])('and not: %s', (line) => {
    expect(attemptsIn(line)).toEqual([]);
  });
});

describe.skipIf(!canIsolate())('without a way out', () => {
  let workspace: Workspace;
  const aegis = (words: string) => [node, executable, ...words.split(' ')];

  beforeAll(async () => {
    workspace = await createWorkspace();
  });

  afterAll(() => workspace.remove());

  it('the story of the demo is told to its end, and nobody else hears of it', async () => {
    const told = await observe([...source, 'examples/demo/main.ts'], { cwd: root });
    expect(told.code, told.output).toBe(0);
    expect(told.attempts).toEqual([]);
  });

  it('an agent’s own code is governed, and nobody else hears of it', async () => {
    const run = await observe([...source, 'examples/sdk/main.ts'], { cwd: root });
    expect(run.code, run.output).toBe(0);
    expect(run.attempts).toEqual([]);
  });

  it('a daemon serves both SDKs on this machine alone', async () => {
    const vitest = [node, 'node_modules/vitest/vitest.mjs', 'run', '--root', root, 'test/sdk/python.test.ts'];
    const run = await observe(vitest, { cwd: root });
    expect(run.code, run.output).toBe(0);
    expect(run.attempts).toEqual([]);
  }, 120_000);

  it.each([
    ['init fresh', 0],
    ['doctor', 0],
    ['policy check', 0],
    ['scan manifests', 0],
    ['mcp list --check', 0],
    ['export --format ocsf', 0],
    ['ledger checkpoint', 0],
    ['ledger export bundle', 0],
    ['ledger verify --bundle bundle', 0],
  ])('aegis %s calls nobody', async (words, code) => {
    const run = await observe(aegis(words), { cwd: workspace.folder });
    expect(run.code, run.output).toBe(code);
    expect(run.attempts).toEqual([]);
  });

  it('what is configured to leave is seen when it tries', async () => {
    const folder = join(workspace.folder, 'leaving');
    mkdirSync(folder);
    writeFileSync(join(folder, 'key'), 'the-key', { mode: 0o600 });
    const follower = (name: string, url: string): string =>
      `[[telemetry.followers]]\nname = "${name}"\nformat = "ndjson"\nurl = "${url}"\nsecret = { file = "key" }\n`;
    const followers =
      follower('address', 'https://192.0.2.7/') + follower('name', 'https://siem.example.org/');
    writeFileSync(join(folder, 'aegis.toml'), `[daemon]\naddr = "127.0.0.1:0"\n${followers}`);
    const script = `"$@" 2>said & until grep -q listening said; do sleep 0.1; kill -0 $! || exit 9; done; sleep 2; kill $!; wait $!`;
    const run = await observe(['sh', '-c', script, 'sh', ...aegis('daemon')], { cwd: folder });
    expect(run.code, readFileSync(join(folder, 'said'), 'utf8')).toBe(0);
    const tried = new Set(run.attempts.map(({ to }) => to));
    expect(tried).toContain('192.0.2.7 port 443');
    const asksNameServers = /^nameserver/m.test(readFileSync('/etc/resolv.conf', 'utf8'));
    if (asksNameServers) expect([...tried].join()).toContain('the name server');
  });
});
