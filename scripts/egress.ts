// Runs tests (all of them, or those that the arguments name, as vitest takes them) in a network without a way out, and counts the tries to
// leave: each address is listed with its number, those that tests attack with among them.
import { fileURLToPath } from 'node:url';
import { canIsolate, observe } from '../test/egress/namespace.ts';

if (!canIsolate()) {
  process.stderr.write('error: this takes Linux, strace, unshare and ip\n');
  process.exit(1);
}
const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = [process.execPath, 'node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)];
const environment = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
);
const { code, attempts } = await observe(vitest, { cwd: root, environment, shown: true });
const counts = new Map<string, number>();
for (const { to } of attempts) counts.set(to, (counts.get(to) ?? 0) + 1);
for (const [to, count] of counts) process.stdout.write(`${count} times: ${to}\n`);
process.stdout.write(`${attempts.length} tries to leave\n`);
process.exit(code === 0 && attempts.length === 0 ? 0 : 1);
