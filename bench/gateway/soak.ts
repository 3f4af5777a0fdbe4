import { closedLoopOf } from './load/closed.ts';
import { Session } from './load/session.ts';
import { statSync } from 'node:fs';
import { residentMegabytes } from './measure/process-tree.ts';
import { startProgram } from './measure/process.ts';
import { markdownTable } from '../report.ts';
import { aegis } from './targets/aegis.ts';
import type { Installation } from './targets/installation.ts';
import { USUAL_BYTES, USUAL_TOOLS } from './plan.ts';

const SESSIONS = 16;
/** Each has sessions of its own, and a line. */
const STEPS = 20;

const bytesOf = (file: string | undefined): number => (file === undefined ? 0 : statSync(file).size);

/**
 * Sends that many calls through the product as shipped, in steps with new sessions, and says what its memory
 * came to: a leak shows as a line that rises.
 */
export async function soak(
  installation: Installation,
  calls: number,
  say: (text: string) => void,
): Promise<string> {
  const upstream = await startProgram(
    [process.execPath, installation.program('http-server')],
    installation.folder,
    /^port (\d+)$/,
  );
  const rows: string[][] = [];
  try {
    const origin = `http://127.0.0.1:${upstream.match[1]}`;
    const target = await aegis('P3').start(
      { installation, tools: USUAL_TOOLS, upstream: { pid: upstream.pid, origin }, child: ['false'] },
      'http',
    );
    try {
      for (let done = 0; done < calls; ) {
        const step = Math.min(Math.ceil(calls / STEPS), calls - done);
        const sessions: Session[] = [];
        for (let i = 0; i < SESSIONS; i++) sessions.push(await Session.open(target.endpoint));
        const { seconds } = await closedLoopOf(sessions, USUAL_BYTES, step);
        for (const session of sessions) await session.close();
        done += step;
        const row = [
          String(done),
          (step / seconds).toFixed(0),
          residentMegabytes(target.pid).toFixed(0),
          residentMegabytes(upstream.pid).toFixed(0),
          (bytesOf(target.ledger) / 2 ** 20).toFixed(0),
        ];
        rows.push(row);
        say(
          `${row[0]} calls, ${row[1]}/s, RSS ${row[2]} MB, of the server behind ${row[3]} MB, ledger ${row[4]} MB\n`,
        );
      }
    } finally {
      say('verifying the ledger\n');
      await target.stop();
    }
  } finally {
    await upstream.stop();
  }
  return markdownTable(['calls', 'calls/s', 'RSS of Aegis MB', 'RSS of the server MB', 'ledger MB'], rows);
}
