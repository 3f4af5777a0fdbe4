// Installs when node_modules is missing or does not match the lockfile. Runs on any Node >= 20.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const stamp = new URL('node_modules/.aegis-lock', root);
const lock = createHash('sha256')
  .update(readFileSync(new URL('package-lock.json', root)))
  .digest('hex');

const runtime = new URL('node_modules/node/bin/node', root);
const current = existsSync(stamp) && existsSync(runtime) && readFileSync(stamp, 'utf8') === lock;

if (!current) {
  process.stderr.write('installing dependencies (once)\n');
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    process.stderr.write(`error: npm ci failed${error === undefined ? '' : `: ${error.message}`}\n`);
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}
