import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Whether certificates can be made here. Where CI tests as root on Debian, the command is installed for it. */
export const hasOpenssl = isThere() || (mayInstall() && installed());

function isThere(): boolean {
  return spawnSync('openssl', ['version'], { stdio: 'ignore' }).status === 0;
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && process.env['AEGIS_NO_SKIPS'] === '1';
}

function installed(): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const step of [['update'], ['install', '-y', '--no-install-recommends', 'openssl']]) {
    spawnSync('/usr/bin/apt-get', step, { env, stdio: 'ignore' });
  }
  return isThere();
}
