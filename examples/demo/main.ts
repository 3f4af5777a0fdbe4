import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exit, stderr, stdout } from 'node:process';
import { runDemo } from './run.ts';

const folder = await mkdtemp(join(tmpdir(), 'aegis-demo-'));
let failures = 1;
try {
  failures = await runDemo(folder, (text) => stdout.write(`${text}\n`));
} catch (error) {
  stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
exit(failures === 0 ? 0 : 1);
