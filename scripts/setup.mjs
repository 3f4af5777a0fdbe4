// Installs when node_modules is missing or is not what the lockfile says. Runs on any Node >= 20.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);

if (!isInstalled()) {
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
}

/** npm writes down what it has installed when it is done; what is optional is left out on other platforms. */
function isInstalled() {
  if (!existsSync(new URL('node_modules/node/bin/node', root))) return false;
  const wanted = packagesOf('package-lock.json');
  const installed = packagesOf('node_modules/.package-lock.json');
  return (
    [...installed].every(([path, is]) => wanted.get(path)?.integrity === is.integrity) &&
    [...wanted].every(([path, is]) => is.optional || is.devOptional || installed.has(path))
  );
}

function packagesOf(file) {
  try {
    const { packages } = JSON.parse(readFileSync(new URL(file, root), 'utf8'));
    return new Map(
      Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && !link),
    );
  } catch {
    return new Map();
  }
}
