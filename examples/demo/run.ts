import { join } from 'node:path';
import { styleText } from 'node:util';
import { type Act, openAct, play } from './act.ts';
import { type Connection, connectDirectly, connectThroughAegis } from './connection.ts';
import { NO_RECORD, verifyIntact, verifyTampered } from './evidence.ts';
import { formatChapter, formatFailure, formatStep, HEADING, type Side } from './report.ts';
import { SCRIPT } from './script.ts';

type Connect = (workspace: string) => Promise<Connection>;
type Print = (text: string) => void;
type Report = (title: string, without: Side, withAegis: Side) => void;

/**
 * Plays the script without and with Aegis, in two fresh workspaces under `folder`, prints a row per
 * step, and returns how many expectations did not hold.
 */
export async function runDemo(
  folder: string,
  print: Print,
  connect: { readonly without: Connect; readonly with: Connect } = {
    without: connectDirectly,
    with: connectThroughAegis,
  },
): Promise<number> {
  const startedAt = performance.now();
  const failures: string[] = [];
  let number = 0;
  const report: Report = (title, without, withAegis) => {
    number++;
    print(formatStep(number, title, without, withAegis));
    failures.push(...formatFailure(number, 'without Aegis', without));
    failures.push(...formatFailure(number, 'with Aegis', withAegis));
  };

  print(HEADING);
  const workspaces = { without: join(folder, 'without'), with: join(folder, 'with') };
  let calls = 0;
  const without = await openAct(workspaces.without, connect.without);
  try {
    const withAegis = await openAct(workspaces.with, connect.with);
    try {
      await playBoth(without, withAegis, print, report);
      calls = withAegis.agent.connection.received.length;
    } finally {
      await withAegis.agent.connection.close();
    }
  } finally {
    await without.agent.connection.close();
  }
  print(formatChapter('the evidence'));
  report('aegis verify-ledger', NO_RECORD, await verifyIntact(workspaces.with, calls));
  report(
    'the same on a copy, one byte changed',
    NO_RECORD,
    await verifyTampered(workspaces.with, join(folder, 'copy')),
  );

  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const verdict =
    failures.length === 0
      ? styleText('green', `All ${number} steps went as expected, in ${seconds} s.`)
      : styleText('red', 'Not as expected:');
  print(['', `  ${verdict}`, ...failures, ''].join('\n'));
  return failures.length;
}

/** Both agents do a step at the same time, each in its own workspace, and then it is reported. */
async function playBoth(without: Act, withAegis: Act, print: Print, report: Report): Promise<void> {
  for (const { title, steps } of SCRIPT) {
    print(formatChapter(title));
    for (const step of steps) {
      const [left, right] = await Promise.all([
        play(without, step, step.without),
        play(withAegis, step, step.with),
      ]);
      report(
        step.title,
        { expectation: step.without, finding: left },
        { expectation: step.with, finding: right },
      );
    }
  }
}
