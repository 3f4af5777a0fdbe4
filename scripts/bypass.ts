// Every known way round an MCP gateway, tried on one that is running.
//
//   npm run bypass -- --url http://127.0.0.1:8080/mcp [--token T] [--other-token T] [--canary-port N]
//
// The suite brings the servers that the gateway stands before. Configure them as it says, start the gateway,
// and it begins. Exit code 1 when the gateway was got round; see docs/reference/bypass-suite.md.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { aegisConfiguration } from '../test/bypass/aegis/configuration.ts';
import { ATTEMPTS } from '../test/bypass/attempts.ts';
import { fileJournal, memoryJournal } from '../test/bypass/canary/journal.ts';
import { serveCanaries } from '../test/bypass/canary/serve.ts';
import { CREDENTIAL_HEADER, CANARIES, credentialOf, POLICY } from '../test/bypass/canary/world.ts';
import { DOORS, isHttp } from '../test/bypass/door/door.ts';
import { type Gateway, Ground } from '../test/bypass/ground.ts';
import { countOf, findingsOf, tableOf } from '../test/bypass/report.ts';
import { tryAll } from '../test/bypass/trial.ts';

const DEFAULT_PORT = 9300;
const WAIT_MS = 120_000;

const say = (...lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

const { gateway, port, journalFile, prefixes } = readArguments();
const journal = journalFile === undefined ? memoryJournal() : fileJournal(journalFile);
const served = journalFile === undefined ? await serveCanaries(journal, { port }) : undefined;
if (served !== undefined) {
  say('the servers that the gateway must stand before:', '');
  for (const name of CANARIES) {
    say(`  ${name}  ${served.urls[name]}`, `    ${CREDENTIAL_HEADER}: ${credentialOf(name)}`);
  }
  say('', 'the policy that it must enforce:', '', ...POLICY.map((rule) => `  - ${rule}`));
  say(
    '',
    'for Aegis that is:',
    '',
    aegisConfiguration({ kind: 'http', urls: served.urls }, '127.0.0.1:8080'),
    'with the tokens and credentials in the files that it names.',
    '',
  );
}

const possible = DOORS.filter((door) => isHttp(door) === (gateway.url !== undefined));
say('waiting for the gateway');
await ready();
const attempts = ATTEMPTS.filter(
  ({ id }) => prefixes.length === 0 || prefixes.some((prefix) => id.startsWith(prefix)),
);
const { doors, closed, rows } = await tryAll(gateway, journal, possible, attempts);
await served?.close();

say('', tableOf(doors, rows), '', ...closed.map((door) => `not tried: ${door}`), '', ...findingsOf(rows));
const bypasses = countOf(rows, 'bypass');
say(`${countOf(rows, 'held')} held, ${countOf(rows, 'lax')} lax, ${bypasses} got round the gateway`);
process.exitCode = bypasses === 0 && doors.length > 0 ? 0 : 1;

/** Waits until some door can be opened, since the gateway can only start after its servers. */
async function ready(): Promise<void> {
  for (const end = Date.now() + WAIT_MS; Date.now() < end; ) {
    for (const door of possible) {
      const ground = new Ground(gateway, door, journal);
      const problem = await ground.open().catch(() => 'not reachable');
      await ground.close();
      if (problem === undefined) return;
    }
    await new Promise((done) => setTimeout(done, 1_000));
  }
  fail(`no door of the gateway let a permitted call through within ${WAIT_MS / 1_000} s`, 1);
}

function readArguments(): {
  readonly gateway: Gateway;
  readonly port: number;
  readonly journalFile: string | undefined;
  readonly prefixes: readonly string[];
} {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      'sse-url': { type: 'string' },
      command: { type: 'string' },
      token: { type: 'string' },
      'other-token': { type: 'string' },
      'canary-port': { type: 'string', default: String(DEFAULT_PORT) },
      journal: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
    },
  });
  const {
    url,
    'sse-url': sse,
    command,
    token,
    'other-token': otherToken,
    journal: journalFile,
    only,
  } = values;
  if ((url === undefined) === (command === undefined)) fail('either `--url` or `--command` is needed', 2);
  if (journalFile !== undefined && !existsSync(journalFile))
    fail(`there is no journal \`${journalFile}\``, 2);
  for (const prefix of only) {
    if (!ATTEMPTS.some(({ id }) => id.startsWith(prefix))) fail(`no attempt begins with \`${prefix}\``, 2);
  }
  const port = Number(values['canary-port']);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) fail('`--canary-port` must be a port', 2);
  const [program, ...args] = command?.split(' ') ?? [];
  const place = url === undefined ? undefined : new URL(url);
  const sseUrl = sse ?? place?.href.replace(/mcp\/?$/, 'sse');
  return {
    gateway: {
      ...(place === undefined ? {} : { url: place }),
      ...(sseUrl === undefined ? {} : { sseUrl: new URL(sseUrl) }),
      ...(program === undefined ? {} : { command: [program, ...args] }),
      ...(token === undefined ? {} : { token }),
      ...(otherToken === undefined ? {} : { otherToken }),
    },
    port,
    journalFile,
    prefixes: only,
  };
}

function fail(message: string, code: number): never {
  process.stderr.write(`error: ${message}\n`);
  process.exit(code);
}
