import { createInterface, type Interface } from 'node:readline/promises';
import { setTimeout } from 'node:timers/promises';
import { printable } from '@aegis/core';
import { type Approvals, approvalView, type ShownApproval } from '../../../daemon/approvals.ts';
import type { Person } from '../../../ports.ts';
import { atDesk, personHere } from '../../approvals/at-desk.ts';
import { tell } from '../../approvals/outcome.ts';
import { approvalText } from '../../approvals/text.ts';
import type { Command, Terminal } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { stopSignal } from '../../stop.ts';

/** How soon a new question is shown, in milliseconds. */
const LOOK_MS = 500;

export const approvalsWatch: Command = {
  options: { ...CONFIG_OPTION, notify: { type: 'boolean' }, json: { type: 'boolean' } },
  positionals: 0,
  run(args, terminal) {
    return atDesk(args, terminal, async (approvals) => {
      const { stdin, stdout } = terminal;
      const json = args.options['json'] === true;
      const asks = !json && stdin.isTTY && stdout.isTTY;
      const person = asks ? personHere(approvals) : undefined;
      const lines = asks ? createInterface({ input: stdin, output: stdout }) : undefined;
      const stop = new AbortController();
      let isInterrupted = false;
      const interrupt = (): void => {
        isInterrupted = true;
        stop.abort();
      };
      void stopSignal().then(interrupt);
      lines?.once('SIGINT', interrupt);
      lines?.once('close', () => stop.abort());
      try {
        for await (const shown of news(approvals, stop.signal)) {
          if (args.options['notify'] === true) stdout.write(notification(shown));
          stdout.write(
            json ? `${JSON.stringify(approvalView(shown))}\n` : `\n${approvalText(shown, Date.now())}`,
          );
          if (lines !== undefined && person !== undefined) {
            await ask(approvals, shown, person, lines, terminal, stop.signal);
          }
        }
      } finally {
        lines?.close();
      }
      return isInterrupted ? EXIT.interrupted : EXIT.ok;
    });
  },
};

/** Every question that waits, each once. */
async function* news({ desk }: Approvals, signal: AbortSignal): AsyncGenerator<ShownApproval> {
  const seen = new Set<string>();
  while (!signal.aborted) {
    for (const shown of await desk.list()) {
      if (seen.has(shown.approval.id)) continue;
      seen.add(shown.approval.id);
      yield shown;
    }
    await setTimeout(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}

async function ask(
  { desk }: Approvals,
  { approval: { id } }: ShownApproval,
  person: Person,
  lines: Interface,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const words = await lines
    .question('[a]pprove, [r]efuse, or Enter to leave it: ', { signal })
    .catch(() => '');
  const word = words.trim().toLowerCase();
  const approved = word === 'a' || word === 'approve';
  if (!approved && word !== 'r' && word !== 'refuse') return;
  tell(await desk.answer(id, { person, door: 'cli', approved }), false, terminal);
}

/**
 * A notification of the desktop, through the terminal: OSC 9 (iTerm2, Windows Terminal, kitty) and OSC 777
 * (urxvt, foot, VTE), and the bell for all others.
 *
 * SECURITY: the words are of the agent's choice, and may hold nothing that ends the sequence.
 */
function notification({ approval, question }: ShownApproval): string {
  const words = printable(`${approval.agent} wants to call ${question?.name ?? 'something'}`).replaceAll(
    ';',
    ',',
  );
  return `\u001b]9;${words}\u0007\u001b]777;notify;Aegis;${words}\u0007\u0007`;
}
