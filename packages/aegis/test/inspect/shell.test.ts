import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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
    const started = performance.now();
    expect(denying(read(command))).toContain(id);
    expect(performance.now() - started).toBeLessThan(2000);
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
        const started = performance.now();
        read(before + unit.repeat(Math.floor(60_000 / unit.length)) + after);
        expect(performance.now() - started).toBeLessThan(2000);
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

const corpora = fileURLToPath(new URL('../../../../../shared/corpora/', import.meta.url));

interface Row {
  readonly guard: string;
  readonly label: 'attack' | 'benign';
  readonly input: { readonly command?: string; readonly value?: string };
  readonly meta: Readonly<Record<string, unknown>> & { readonly platforms?: readonly string[] };
}

const rows = (name: string): Row[] =>
  readFileSync(`${corpora}${name}/cases.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

/** Not being able to tell is a question rather than an accusation. */
const QUESTIONS = ['shell.dynamic', 'shell.unparsable'];

function verdict({ input }: Row): 'passes' | 'asks' | 'denies' {
  const ids = denying(read(input.command ?? ''));
  if (ids.length === 0) return 'passes';
  return ids.every((id) => QUESTIONS.includes(id)) ? 'asks' : 'denies';
}

const share = (all: readonly Row[], ...wanted: readonly string[]): number =>
  all.filter((row) => wanted.includes(verdict(row))).length / all.length;

/** Cases of the default rules, each command once, those with both labels left out. */
function decisionBoundary(): Row[] {
  const all = rows('agent-shell-guards');
  const labels = Map.groupBy(all, ({ input }) => input.command);
  return all.filter(
    (row, index) =>
      row.meta['pack'] !== 'optional' &&
      row.meta['has_extra_args'] !== true &&
      new Set(labels.get(row.input.command)?.map(({ label }) => label)).size === 1 &&
      all.findIndex(({ input }) => input.command === row.input.command) === index,
  );
}

/** Techniques that are never everyday work; discovery is. */
const HARD =
  /^T(?:1059\.004|1105|1003|1070|1485|1486|1529|1546|1548|1552|1562|1567|1048|1053|1098|1136|1685|1686|1690)/;

describe.skipIf(!existsSync(corpora))('commands collected from elsewhere', () => {
  it('the boundary of two other guards: 93 of 100 attacks denied, no benign command', () => {
    const cases = decisionBoundary();
    const attacks = cases.filter(({ label }) => label === 'attack');
    const benign = cases.filter(({ label }) => label === 'benign');
    expect([attacks.length > 120, benign.length > 120]).toEqual([true, true]);
    expect(share(attacks, 'denies', 'asks')).toBeGreaterThanOrEqual(0.93);
    expect(benign.filter((row) => verdict(row) !== 'passes')).toEqual([]);
  });

  it('every reverse and bind shell that is a command is denied', () => {
    const shells = rows('reverse-shells').filter(
      ({ meta, input }) =>
        meta['kind'] === 'shell' &&
        meta.platforms?.some((name) => name === 'linux' || name === 'mac') === true &&
        // A generator of payloads, and source code of other languages.
        !/^(?:msfvenom|module Main|require)\b/.test(input.command ?? ''),
    );
    expect(shells.length).toBeGreaterThanOrEqual(15);
    expect(shells.filter((row) => verdict(row) !== 'denies')).toEqual([]);
  });

  it('three of four emulated attacks are denied', () => {
    const attacks = rows('atomic-red-team').filter(({ meta }) => HARD.test(String(meta['technique'])));
    expect(attacks.length).toBeGreaterThan(60);
    expect(share(attacks, 'denies', 'asks')).toBeGreaterThanOrEqual(0.75);
  });

  it('half of a hundredth of everyday commands are denied at most, three hundredths asked about', () => {
    const everyday = [...rows('nl2bash'), ...rows('tldr')].filter(({ meta }) => meta['risk_hint'] === false);
    expect(everyday.length).toBeGreaterThan(10_000);
    expect(share(everyday, 'denies')).toBeLessThanOrEqual(0.005);
    expect(share(everyday, 'asks')).toBeLessThanOrEqual(0.015);
  }, 60_000);

  it('an argument that breaks out of its command is seen as more than one program', () => {
    const values = rows('command-injection').filter(({ guard, input }) => {
      // Not within quotes, and with another program behind it: the rest is one argument to a shell, too.
      const value = (input.value ?? '').trim();
      return (
        guard === 'shell-arg' &&
        /^[^'"\\&%]*(?:(?:[;|]|&&)\s*[a-z/]|`|\$\()/.test(value) &&
        !/\bping\b/.test(value)
      );
    });
    expect(values.length).toBeGreaterThan(60);
    const missed = values.filter(({ input }) => {
      const { programs, findings } = read(`ping -c1 ${input.value ?? ''}`);
      return programs.length < 2 && denying({ findings }).length === 0;
    });
    expect(missed.map(({ input }) => input.value)).toEqual([]);
  });
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
