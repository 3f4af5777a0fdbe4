// Runs the tests (all of them, or those that the arguments name, as vitest takes them) in a network that is nothing but the loopback
// device. The kernel counts what finds no route there: every try to leave, and every question to a name server elsewhere.
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const INSIDE = '--inside';
/** Nobody's: set aside for documentation (RFC 5737). */
const NOWHERE = '192.0.2.7';

const here = fileURLToPath(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const words = process.argv.slice(2);

/** How often something was sent that has no way to go, over IPv4 and IPv6, in this network. */
function unroutable(): number {
  const [names, values] = readFileSync('/proc/self/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Ip: '))
    .map((line) => line.split(' '));
  const column = names?.indexOf('OutNoRoutes') ?? -1;
  const six = /^Ip6OutNoRoutes\s+(\d+)$/m.exec(readFileSync('/proc/self/net/snmp6', 'utf8'))?.[1];
  const [four, more] = [Number(values?.[column]), Number(six)];
  if (column < 0 || Number.isNaN(four) || Number.isNaN(more)) throw new Error('this kernel does not count');
  return four + more;
}

async function tryToLeave(): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((done) => socket.send('x', 9, NOWHERE, () => done()));
  socket.close();
}

function fail(why: string): never {
  process.stderr.write(`error: ${why}\n`);
  process.exit(1);
}

if (words[0] === INSIDE) {
  if (spawnSync('ip', ['link', 'set', 'lo', 'up']).status !== 0) fail('the loopback device cannot be set up');
  const before = unroutable();
  await tryToLeave();
  if (unroutable() !== before + 1) fail('a try to leave was not counted');
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...words.slice(1)];
  const { status } = spawnSync(process.execPath, vitest, { cwd: root, stdio: 'inherit' });
  const tries = unroutable() - before - 1;
  process.stdout.write(`${tries} tries to leave\n`);
  process.exit(status === 0 && tries === 0 ? 0 : 1);
}

// Whoever is not root becomes root inside, who may set up the loopback device and nothing else.
const flags = process.getuid?.() === 0 ? '-n' : '-rn';
const { status, error } = spawnSync('unshare', [flags, process.execPath, here, INSIDE, ...words], {
  stdio: 'inherit',
});
if (error !== undefined) fail('this takes Linux, unshare and ip');
process.exit(status ?? 1);
