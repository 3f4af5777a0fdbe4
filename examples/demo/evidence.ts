import { spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import * as z from 'zod';
import { AEGIS } from './connection.ts';
import { found } from './expectation.ts';
import type { Side } from './report.ts';

const report = z.object({
  entries: z.number(),
  findings: z.array(z.object({ kind: z.string(), seq: z.number() })),
});
type Report = z.infer<typeof report>;

/** How `aegis verify-ledger --json` ended. */
interface Verification {
  readonly exitCode: number | null;
  /** Undefined when it wrote none. */
  readonly report: Report | undefined;
  /** The first line of what it wrote. */
  readonly output: string;
}

const LEDGER = '.aegis/aegis.db';

/** What there is to verify where nothing was recorded. */
export const NO_RECORD: Side = {
  expectation: { expected: 'there is nothing to verify', tone: 'harm' },
  finding: { holds: true, says: ['no record'] },
};

/** `aegis verify-ledger` must find the workspace's ledger whole, with an entry for every call and more. */
export async function verifyIntact(workspace: string, calls: number): Promise<Side> {
  const { exitCode, report, output } = await verifyLedger(workspace);
  return {
    expectation: { expected: `exit code 0 and more than ${calls} events`, tone: 'safe' },
    finding: found(
      exitCode === 0 && report !== undefined && report.entries > calls,
      `exit 0: ${report?.entries} events, all intact`,
      `exit ${exitCode}: ${output}`,
    ),
  };
}

/** `aegis verify-ledger` must find one changed byte in a copy of the ledger. */
export async function verifyTampered(workspace: string, copy: string): Promise<Side> {
  const expectation = { expected: 'exit code 6 and a finding', tone: 'safe' } as const;
  cpSync(workspace, copy, { recursive: true });
  if (!changeOneByte(copy)) {
    return { expectation, finding: { holds: false, says: ['no refusal in the ledger to change'] } };
  }
  const { exitCode, report, output } = await verifyLedger(copy);
  const broken = report?.findings[0];
  return {
    expectation,
    finding: found(
      exitCode === 6 && broken !== undefined,
      `exit 6: ${broken?.kind}, event ${broken?.seq}`,
      `exit ${exitCode}: ${output}`,
    ),
  };
}

function changeOneByte(workspace: string): boolean {
  const files = [LEDGER, `${LEDGER}-wal`].map((name) => join(workspace, name)).filter(existsSync);
  for (const file of files) {
    const bytes = readFileSync(file);
    const at = bytes.indexOf('"no-destructive-ops"');
    if (at === -1) continue;
    bytes.write('N', at + 1, 'latin1');
    writeFileSync(file, bytes);
    return true;
  }
  return false;
}

function verifyLedger(workspace: string): Promise<Verification> {
  const args = [AEGIS, 'verify-ledger', '--json', '--config', join(workspace, 'aegis.toml')];
  const child = spawn(execPath, args, { cwd: workspace, stdio: ['ignore', 'pipe', 'pipe'], timeout: 15_000 });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk: Buffer) => {
      said[stream] += chunk.toString('utf8');
    });
  }
  return new Promise((settle, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      const output = `${said.stdout}${said.stderr}`.split('\n', 1)[0] ?? '';
      settle({ exitCode, report: readReport(said.stdout), output });
    });
  });
}

function readReport(text: string): Report | undefined {
  try {
    return report.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
