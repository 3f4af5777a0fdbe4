// Runs every test and closes with one plain line: N passed, N failed, N skipped.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'aegis-test-'));
const report = join(folder, 'report.json');
const { status } = spawnSync(
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)],
  { stdio: 'inherit', shell: process.platform === 'win32' },
);

let counts = { passed: 0, failed: 1, skipped: 0 };
try {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  counts = { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
  // A file that cannot even be loaded fails no test of its own.
  if (!success && counts.failed === 0) counts.failed = 1;
} catch {
  process.stderr.write('error: the test runner left no report\n');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// CI turns every skipped test into a failure: what cannot run there was not proven.
const refused = process.env.AEGIS_NO_SKIPS === '1' && counts.skipped > 0;
if (refused) process.stderr.write('error: tests were skipped, and AEGIS_NO_SKIPS forbids that\n');
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
process.exit(status === 0 && counts.failed === 0 && counts.passed > 0 && !refused ? 0 : 1);
