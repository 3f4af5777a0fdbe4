import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownTable, median } from '../report.ts';
import { policyText, type RulesFormat } from './workload.ts';

const ROUNDS = 5;
const PROGRAM = fileURLToPath(new URL('./start.ts', import.meta.url));

interface Cost {
  readonly cpu: number;
  readonly wall: number;
}

function start(kind: string, folder: string, name: string): Cost {
  const args = ['--conditions=@aegis/source', PROGRAM, kind, folder, name];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Cost;
}

/** What reading a policy file costs a process that starts, from its text and from a snapshot. */
export function startTable(sizes: readonly number[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-bench-'));
  try {
    const rows: string[][] = [];
    for (const size of sizes) {
      for (const format of ['toml', 'json'] satisfies RulesFormat[]) {
        const name = `${size}.${format}`;
        const text = policyText(size, format);
        writeFileSync(join(folder, name), text);
        start('snapshot', folder, name);
        const [read, kept]: [Cost[], Cost[]] = [[], []];
        for (let round = 0; round < ROUNDS; round++) {
          read.push(start('text', folder, name));
          kept.push(start('snapshot', folder, name));
        }
        const of = (costs: readonly Cost[], key: keyof Cost) =>
          median(costs.map((cost) => cost[key])).toFixed(0);
        rows.push([
          size.toLocaleString('en'),
          `${format.toUpperCase()}, ${Math.round(text.length / 1024)} KiB`,
          of(read, 'cpu'),
          of(read, 'wall'),
          of(kept, 'cpu'),
          of(kept, 'wall'),
        ]);
      }
    }
    const headers = ['rules', 'file', 'text, CPU ms', 'text, ms', 'snapshot, CPU ms', 'snapshot, ms'];
    return markdownTable(headers, rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
