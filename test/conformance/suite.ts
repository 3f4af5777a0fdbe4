import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../e2e/aegis.ts';
import type { Check, Outcome } from './comparison.ts';
import { type Revision, selectionOf } from './revisions.ts';

const executable = join(root, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');

/** How long one scenario may take, in milliseconds; the slowest one takes less than two seconds. */
const SCENARIO_MS = 15_000;

/** Runs the official suite (`@modelcontextprotocol/conformance`) against an endpoint, and reads what it found. */
export async function runSuite(url: string, revision: Revision): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-conformance-'));
  try {
    const output = await finished([
      'server',
      ...['--url', url],
      ...selectionOf(revision),
      ...['--timeout', String(SCENARIO_MS)],
      ...['--output-dir', folder],
    ]);
    const outcome = readOutcome(folder);
    if (outcome.size === 0) throw new Error(`the suite left no results for ${revision}: ${output}`);
    return outcome;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Its exit code says whether every scenario passed; what counts here is what each check said. */
async function finished(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [executable, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await new Promise((done) => child.once('close', done));
  return output;
}

/** One folder per scenario: `server-<scenario>-<time>/checks.json`. */
function readOutcome(folder: string): Outcome {
  const outcome = new Map<string, readonly Check[]>();
  for (const name of readdirSync(folder).sort()) {
    const scenario = /^server-(.+)-\d{4}-\d\d-\d\dT/.exec(name)?.[1];
    if (scenario === undefined) throw new Error(`the suite left something else: ${name}`);
    const file = join(folder, name, 'checks.json');
    // A scenario that broke off has left a folder without checks.
    outcome.set(scenario, existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []);
  }
  return outcome;
}
