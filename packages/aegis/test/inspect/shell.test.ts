import {
  type AccessRequest,
  type Capability,
  type Facts,
  type Finding,
  inspect,
  type InspectPlatform,
  readShell,
  type ServerManifest,
} from '@aegis/core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createInspectPlatform } from '../../src/inspect/platform.ts';
import { EVERYDAY_COMMANDS } from './everyday-commands.ts';
import { HOSTILE_COMMANDS } from './hostile-commands.ts';
import { SHELL_CASES } from './shell-commands.ts';

let platform: InspectPlatform;

beforeAll(async () => {
  platform = await createInspectPlatform({
    baseDir: '/srv',
    homeDir: '/home/agent',
    dialects: [],
    shell: true,
  });
});

const EVERYTHING: readonly Capability[] = [
  'exec',
  'fs.read',
  'fs.write',
  'fs.delete',
  'net.egress',
  'secret.read',
];

/** What a call with one command does, behind a tool that may do everything and sends messages. */
function factsOf(command: unknown, limits: Partial<ServerManifest> = {}): Facts {
  const server: ServerManifest = {
    server: 'terminal',
    tools: new Map([
      [
        'run',
        {
          name: 'run',
          capabilities: [...EVERYTHING, 'message.send'],
          args: new Map([['command', { kind: 'shell' }]]),
          requires: [],
        },
      ],
    ]),
    receipts: [],
    clientRequests: new Set(),
    protectedTables: [],
    ...limits,
  };
  const request = {
    id: 'call_1',
    subject: { tenant: 't', agent: 'a', user: 'a', session: 's' },
    action: { method: 'tools/call', door: 'mcp-stdio' },
    resource: { kind: 'tool', server: 'terminal', name: 'run' },
    args: { command } as AccessRequest['args'],
    nowMs: 0,
  } as const;
  return inspect({ request, server, platform });
}

const denying = ({ findings }: { readonly findings: readonly Omit<Finding, 'at'>[] }): string[] =>
  findings.filter(({ denies }) => denies !== undefined).map(({ id }) => id);

const read = (command: string): ReturnType<typeof readShell> => readShell(command, platform.shell);

describe('what a command does', () => {
  it.each(SHELL_CASES)('$command', ({ command, denies, does }) => {
    const reading = read(command);
    if (denies.length === 0) expect(denying(reading)).toEqual([]);
    else expect(denying(reading)).toEqual(expect.arrayContaining([...denies]));
    if (does?.length === 1 && does[0] === 'fs.read') expect(reading.capabilities).toEqual(['fs.read']);
    if (does !== undefined) expect(reading.capabilities).toEqual(expect.arrayContaining([...does]));
  });

  it.each(
    Object.entries(HOSTILE_COMMANDS).flatMap(([id, commands]) => commands.map((command) => [id, command])),
  )('%s: %s', (id, command) => {
    expect(denying(read(command ?? ''))).toContain(id);
  });

  it.each(EVERYDAY_COMMANDS)('is nothing to deny: %s', (command) => {
    expect(denying(read(command))).toEqual([]);
  });

  it.each([
    'docker system prune -af',
    'kubectl delete pod web-0',
    'aws s3api delete-object --bucket b --key k',
    'aws ec2 terminate-instances --instance-ids i-1',
    'gh release delete v1',
    'vault kv delete secret/x',
    'restic forget --keep-last 1 --prune',
    'kafka-topics --delete --topic t',
    'docker compose down -v',
    'curl -X DELETE https://search.example.com/logs',
  ])('deletes what is kept elsewhere, which a rule may ask about: %s', (command) => {
    const reading = read(command);
    expect(reading.findings.map(({ id }) => id)).toContain('shell.deletes_elsewhere');
    expect(denying(reading)).toEqual([]);
  });

  it.each([
    'kubectl get pods',
    'aws s3 ls s3://b',
    'docker ps',
    'curl -X GET https://search.example.com',
    'npm run delete',
  ])('deletes nothing: %s', (command) => {
    expect(read(command).findings.map(({ id }) => id)).not.toContain('shell.deletes_elsewhere');
  });

  it('every denial is a guard, so that a rule can waive it by its id', () => {
    for (const { command } of SHELL_CASES) {
      for (const { id, denies } of read(command).findings) {
        expect(id).toMatch(/^shell\.[a-z_]+$/);
        expect([undefined, 'GUARD_SHELL']).toContain(denies);
      }
    }
  });

  it.each([
    ["wh''oami", ['whoami']],
    ['wh$@oami', ['whoami']],
    ['who`echo am`i', ['echo', 'whoami']],
    ['{ls,-la}', ['ls']],
    ['ping -c1 host; id', ['ping', 'id']],
    ['ping -c1 `id`', ['id', 'ping']],
    ['sudo -u x nice -n 5 env A=b git status', ['sudo', 'nice', 'env', 'git']],
  ])('%s runs %j', (command, programs) => {
    expect([...read(command).programs].toSorted()).toEqual(programs.toSorted());
  });
});

describe('what a command names', () => {
  it('is read as paths and URLs like any other argument', () => {
    const facts = factsOf('cd /data && cat ./a ../b >> c; curl -s https://api.example.com/x -o d');
    expect(facts.paths.map(({ real }) => real).toSorted()).toEqual(
      ['/b', '/data', '/data/a', '/data/c', '/data/d'].toSorted(),
    );
    expect(facts.urls.map(({ host }) => host)).toEqual(['api.example.com']);
  });

  it.each([
    ['nc 192.0.2.1 80', '192.0.2.1'],
    ['ssh me@db.internal uptime', 'db.internal'],
    ['scp a.txt me@files.example:/x', 'files.example'],
    ['cat < /dev/tcp/192.0.2.7/80', '192.0.2.7'],
    ['curl example.org/a?b=$x', 'example.org'],
    ['git clone git@github.com:a/b', 'github.com'],
    ['ftp://x', undefined],
  ])('%s reaches %s', (command, host) => {
    expect(factsOf(command).urls.map((url) => url.host)).toEqual(host === undefined ? [] : [host]);
  });

  it('a file of another machine is not one of these', () => {
    expect(factsOf('ssh example.org cat /data/x').paths).toEqual([]);
  });

  it('what only the machine knows is none of the files and hosts of a manifest', () => {
    const fs = { readRoots: ['/srv'], writeRoots: ['/srv'] };
    expect(denying(factsOf('cat "$F"'))).toEqual([]);
    expect(denying(factsOf('cat "$F"', { fs }))).toEqual(['shell.unknown_path']);
    expect(denying(factsOf('curl "$U"', { net: { domains: ['example.com'] } }))).toEqual([
      'shell.unknown_host',
    ]);
    expect(denying(factsOf('cat a.txt', { fs, net: { domains: [] } }))).toEqual([]);
  });
});

describe('the capabilities of a call with a command', () => {
  it('are what the command does, and what the tool does besides', () => {
    expect(factsOf('ls').capabilities).toEqual(['message.send', 'fs.read']);
    expect(factsOf('rm x').capabilities).toEqual(['message.send', 'fs.delete']);
  });

  it('are all that is declared when the command cannot be judged', () => {
    expect(factsOf('echo "').capabilities).toEqual([...EVERYTHING, 'message.send']);
    expect(factsOf(null).capabilities).toEqual([...EVERYTHING, 'message.send']);
  });

  it.each([[7], [['rm', '-rf', '/']], [['ls']]])('%j is not a command in one text, and denies', (command) => {
    expect(denying(factsOf(command))).toContain('shell.not_text');
  });

  it('denies when the parser is not loaded', async () => {
    const bare = await createInspectPlatform({ baseDir: '/', homeDir: '/', dialects: [] });
    expect(denying(readShell('ls', bare.shell))).toEqual(['shell.unparsable']);
  });
});

describe('limits', () => {
  it.each([
    ['longer than 64 KiB', `echo ${'x'.repeat(70_000)}`, 'shell.too_large'],
    ['a NUL', 'ls\0rm', 'shell.unparsable'],
    ['a noncharacter that stands for what is not known', 'ls \uFDD0', 'shell.unparsable'],
    ['substitutions in substitutions', `${'$('.repeat(5000)}${')'.repeat(5000)}`, 'shell.too_complex'],
    ['subshells in subshells', `${'( '.repeat(200)}ls${' )'.repeat(200)}`, 'shell.too_complex'],
    ['a variable that doubles itself', `x=aaaaaaaa;${'x=$x$x;'.repeat(40)}echo $x`, 'shell.too_complex'],
    ['more commands than are followed', 'a|'.repeat(20_000).concat('a'), 'shell.too_complex'],
    [
      'loops in loops',
      `${'for x in 1 2 3 4 5 6 7 8; do '.repeat(8)}a${'; done'.repeat(8)}`,
      'shell.too_complex',
    ],
    [
      'long arguments again and again',
      `x=${'a'.repeat(30_000)};${'rm $x;'.repeat(5000)}`,
      'shell.too_complex',
    ],
  ])('%s: denies, and quickly', (_, command, id) => {
    expect(denying(read(command))).toContain(id);
  });

  it.each([
    '[',
    '/./',
    '{a,b}{',
    '\n',
    'print',
    'open(',
    '<<A ',
    '((',
    '${a:-',
    "'",
    '`',
    '\\',
    'A\n',
    '::: ',
    '=\t',
  ])(
    'stays quick for a text full of %j',
    (unit) => {
      for (const [before, after] of [
        ['', ''],
        ['x=aaaa; rm ', ''],
        ["python3 -c '", "'"],
        ["sed '", "' f"],
        ['systemctl ', ''],
      ] as const) {
        expect(read(before + unit.repeat(Math.floor(60_000 / unit.length)) + after)).toBeDefined();
      }
    },
    20_000,
  );

  it('never throws, whatever the text', () => {
    const pieces = fc.constantFrom(
      ...'$ ( ) { } [ ] ` \' " \\ | & ; < > ! # * ? ~ = 0 a rm -rf / $( $(( ${ << <<< <( >( [[ ]] (( )) && || ;; case in esac if then fi for do done while function select coproc eval sh -c xargs find -exec {} \\; sudo env curl base64 -d printf %s IFS= x=1 $x ${x:-y} ${x[@]}'.split(
        ' ',
      ),
      ' ',
      '\n',
      '\t',
    );
    const text = fc.oneof(
      fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
      fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(' ')),
      fc.string({ unit: 'binary', maxLength: 80 }),
    );
    fc.assert(
      fc.property(text, (command) => {
        const { findings, capabilities } = read(command);
        expect(findings.filter(({ id }) => id === 'shell.failed')).toEqual([]);
        if (capabilities === undefined) expect(denying({ findings })).not.toEqual([]);
      }),
      { numRuns: 4000 },
    );
  }, 60_000);
});

describe('the commands of a text, as a manifest of an agent is held against them', () => {
  const commands = (text: string): unknown => read(text).commands;

  it.each<[string, readonly (readonly [program: string, args: string | undefined])[]]>([
    ['git log --oneline', [['git', 'log --oneline']]],
    ['/usr/bin/git status', [['git', 'status']]],
    ['./git status', [['./git', 'status']]],
    ['/tmp/x/git status', [['/tmp/x/git', 'status']]],
    ['/usr/bin/../../tmp/git status', [['/usr/bin/../../tmp/git', 'status']]],
    ['python3 -V', [['python3', '-V']]],
    ['git log $BRANCH', [['git', undefined]]],
    ['ls *.md', [['ls', undefined]]],
    ['$TOOL status', [['', 'status']]],
  ])('%s', (text, wanted) => {
    expect(commands(text)).toEqual(wanted.map(([program, args]) => ({ program, args })));
  });

  it('has what stands behind a wrapper', () => {
    expect(commands('sudo rm -rf x')).toContainEqual({ program: 'rm', args: '-rf x' });
    expect(commands('ls | xargs rm')).toContainEqual(expect.objectContaining({ program: 'rm' }));
  });
});
