// A private PostgreSQL server for tests and for trying things out: a fresh cluster in a temporary folder,
// on 127.0.0.1 and a socket in that folder, with the durability settings of a real one.
//
// Its first line on standard output is JSON: how to reach it, or `{"unavailable": reason}`. It lives until its standard
// input ends, so that it goes with whoever started it, however that ended; by hand, until Ctrl-C.
// `AEGIS_POSTGRES_PROGRAMS`, a folder, says whose programs to take instead of the newest.
// Commands on standard input, one a line, each answered with a line of JSON: `restart`, `stop`, `start`.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, appendFileSync, chownSync, constants, existsSync, mkdtempSync } from 'node:fs';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

const OLDEST_VERSION = 14;
const byHand = process.stdin.isTTY === true;
const isRoot = process.getuid?.() === 0;

/** The folder with the programs of the newest server found that is new enough, or of the one that was asked for. */
function findPrograms() {
  const asked = process.env.AEGIS_POSTGRES_PROGRAMS;
  const places = (asked ?? process.env.PATH ?? '').split(delimiter);
  if (asked === undefined) places.push(...usualPlaces());
  const found = places.flatMap((folder) => {
    const complete = ['initdb', 'pg_ctl', 'postgres'].every((name) => isProgram(join(folder, name)));
    return complete ? [{ folder, version: versionOf(folder) }] : [];
  });
  found.sort((a, b) => b.version - a.version);
  return found[0]?.version >= OLDEST_VERSION ? found[0].folder : undefined;
}

function usualPlaces() {
  const places = [];
  for (const base of ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt']) {
    if (!existsSync(base)) continue;
    const names = readdirSync(base).filter((name) => /^(postgresql(@\d+)?|\d+)$/.test(name));
    places.push(...names.map((name) => join(base, name, 'bin')));
  }
  return places;
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function versionOf(folder) {
  const { stdout } = spawnSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' });
  return Number(/(\d+)/.exec(stdout ?? '')?.[1] ?? 0);
}

function install() {
  if (!isRoot || !isProgram('/usr/bin/apt-get') || process.env.AEGIS_POSTGRES_PROGRAMS !== undefined) return;
  if (!byHand && process.env.AEGIS_NO_SKIPS !== '1') return;
  process.stderr.write('installing PostgreSQL (once)\n');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const step of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'postgresql'],
  ]) {
    spawnSync('/usr/bin/apt-get', step, { env, stdio: ['ignore', 2, 2] });
  }
}

/** PostgreSQL refuses to run as root. */
function unprivileged() {
  if (!isRoot) return {};
  for (const user of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => {
      const { status, stdout } = spawnSync('id', [flag, user], { encoding: 'utf8' });
      return status === 0 ? Number(stdout) : undefined;
    });
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  return {};
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The settings decide what a test of durability proves: nothing here may be faster than in production. */
const settings = (folder, port) => `
listen_addresses = '127.0.0.1'
port = ${port}
unix_socket_directories = '${folder}'
fsync = on
full_page_writes = on
synchronous_commit = on
max_connections = 60
shared_buffers = 64MB
log_min_messages = warning
logging_collector = off
`;

async function main() {
  let programs = findPrograms();
  if (programs === undefined) {
    install();
    programs = findPrograms();
  }
  if (programs === undefined) {
    say({ unavailable: `PostgreSQL ${OLDEST_VERSION} or newer was not found (initdb, pg_ctl, postgres)` });
    return;
  }
  const who = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), 'aegis-postgres-'));
  const data = join(folder, 'data');
  const log = join(folder, 'log');
  const run = (program, ...args) => {
    const result = spawnSync(join(programs, program), args, {
      ...who,
      cwd: folder,
      encoding: 'utf8',
      // pg_ctl leaves the server behind with whatever it was given to write to.
      stdio: program === 'pg_ctl' ? 'ignore' : 'pipe',
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    });
    if (result.status === 0) return undefined;
    const said = existsSync(log) ? readFileSync(log, 'utf8') : (result.stderr ?? '');
    return `${program} ${args[0]} failed: ${result.error?.message ?? said.trim().split('\n').slice(-5).join(' | ')}`;
  };
  const control = (...args) => run('pg_ctl', ...args, '-D', data, '-l', log, '-w', '-t', '60');
  const remove = () => {
    if (existsSync(join(data, 'postmaster.pid'))) control('stop', '-m', 'immediate');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(0));

  if (who.uid !== undefined) chownSync(folder, who.uid, who.gid);
  const password = randomBytes(12).toString('hex');
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (who.uid !== undefined) chownSync(passwordFile, who.uid, who.gid);
  const port = await freePort();
  const made = run(
    'initdb',
    ...['-D', data, '-U', 'postgres', '-E', 'UTF8', '--locale=C', '-A', 'scram-sha-256'],
    `--pwfile=${passwordFile}`,
  );
  if (made === undefined) appendFileSync(join(data, 'postgresql.conf'), settings(folder, port));
  const failed = made ?? control('start');
  if (failed !== undefined) {
    say({ unavailable: failed });
    return;
  }
  const dsn = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const socketDsn = `postgres://postgres:${password}@${encodeURIComponent(folder)}:${port}/postgres`;
  say({ dsn, socketDsn, folder, data, programs, ...who });
  if (byHand) process.stderr.write('Ctrl-C stops and removes it\n');

  for await (const command of createInterface({ input: process.stdin })) {
    if (command === 'restart') say({ problem: control('restart', '-m', 'immediate') });
    else if (command === 'stop') say({ problem: control('stop', '-m', 'immediate') });
    else if (command === 'start') say({ problem: control('start') });
    else say({ problem: `unknown command: ${command}` });
  }
}

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

await main();
// What is left open, as the pipes to a parent that is gone, must not keep the server alive.
process.exit(0);
