// Runs every test and closes with one plain line: N passed, N failed, N skipped.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** More files than this do not fail by chance. */
const MOST_AGAIN = 4;

/** No clock, no process, no disk: what fails there was not delayed by a neighbour, and counts at once. */
const PURE = /^packages[\\/](?:core|rego)[\\/]/;

const folder = mkdtempSync(join(tmpdir(), 'aegis-test-'));
const files = new Map();
/** What fails a run and belongs to no file: an error that no test caught, or that there is no report. */
let astray = 0;
try {
  note(run(process.argv.slice(2)));
  // Hundreds of tests start processes and wait for them, at the same time. A file that failed among all the others
  // runs once more by itself, as a whole; what passes only then is named, so that nobody takes it for steady.
  const failed = failedFiles();
  const mayBeDelayed = failed.length <= MOST_AGAIN && !failed.some((name) => PURE.test(name));
  if (failed.length > 0 && failed.length < files.size && mayBeDelayed) {
    process.stderr.write(`\nonce more, without the others: ${failed.join(', ')}\n`);
    note(run([...failed, '--no-file-parallelism']));
    const unsteady = failed.filter((name) => files.get(name).failed === 0);
    for (const name of unsteady)
      process.stderr.write(`warning: ${name} failed among the others, passed alone\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const passed = total('passed');
const skipped = total('skipped');
const failed = total('failed') + astray;
// CI turns every skipped test into a failure: what cannot run there was not proven.
const refused = process.env.AEGIS_NO_SKIPS === '1' && skipped > 0;
if (refused) process.stderr.write('error: tests were skipped, and AEGIS_NO_SKIPS forbids that\n');
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exit(failed === 0 && passed > 0 && !refused ? 0 : 1);

/** The runner's report; without one, a failure that belongs to no file. */
function run(args) {
  const path = join(folder, 'report.json');
  rmSync(path, { force: true });
  const { status } = spawnSync(
    'vitest',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${path}`, ...args],
    { stdio: 'inherit', shell: process.platform === 'win32' },
  );
  try {
    return { status, ...JSON.parse(readFileSync(path, 'utf8')) };
  } catch {
    process.stderr.write('error: the test runner left no report\n');
    return { status: 1, success: false, testResults: [] };
  }
}

/** Counts a report, each file in place of what an earlier report said of it. */
function note({ status, testResults }) {
  for (const { name, status: outcome, assertionResults } of testResults) {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const test of assertionResults) {
      counts[test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped']++;
    }
    // A file that cannot be loaded, or whose hooks throw, fails no test of its own.
    if (outcome === 'failed' && counts.failed === 0) counts.failed = 1;
    files.set(relative(process.cwd(), name), counts);
  }
  if (status !== 0 && failedFiles().length === 0) astray++;
}

function failedFiles() {
  return [...files].filter(([, counts]) => counts.failed > 0).map(([name]) => name);
}

function total(kind) {
  return [...files.values()].reduce((sum, counts) => sum + counts[kind], 0);
}
