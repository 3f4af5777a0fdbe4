// Everything that must hold before a change lands, in the order in which it fails fastest.
import { spawnSync } from 'node:child_process';

const CHECKS = [
  { name: 'format', run: ['biome', 'format', '.'] },
  { name: 'types: core', run: ['tsc', '-p', 'packages/core'] },
  { name: 'types: rego', run: ['tsc', '-p', 'packages/rego'] },
  { name: 'types: aegis', run: ['tsc', '-p', 'packages/aegis'] },
  { name: 'types: sdk', run: ['tsc', '-p', 'packages/sdk'] },
  { name: 'types: tests, benchmarks and examples', run: ['tsc', '-p', '.'] },
  { name: 'lint', run: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'dead code', run: ['knip'] },
  { name: 'build', run: ['npm', 'run', '--silent', 'build'] },
];

let failed = false;
for (const { name, run } of CHECKS) {
  const [command = '', ...args] = run;
  const started = performance.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${status === 0 ? 'ok  ' : 'FAIL'}  ${name} (${seconds} s)\n`);
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
