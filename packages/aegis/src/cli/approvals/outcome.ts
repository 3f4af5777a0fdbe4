import { AegisError, type Standing } from '@aegis/core';
import { type Taken, takenView } from '../../daemon/approvals.ts';
import type { NotTaken } from '../../ports.ts';
import type { Terminal } from '../command.ts';
import { EXIT } from '../exit.ts';
import { approvalText } from './text.ts';

/** How an approval that stands so ends a command. */
export function exitOf({ kind }: Standing): number {
  switch (kind) {
    case 'approved':
    case 'used':
      return EXIT.ok;
    case 'refused':
    case 'expired':
      return EXIT.denied;
    case 'pending':
      return EXIT.pending;
  }
}

/** Fails with `NOT_FOUND` where a word is about nothing that there is. */
export function requireTakeable({ problem, message }: NotTaken): void {
  if (problem === 'unknown') throw new AegisError('NOT_FOUND', message);
}

/** Says what came of an answer, and gives the exit code. Fails where `requireTakeable` does. */
export function tell(taken: Taken | NotTaken, json: boolean, { stdout, stderr }: Terminal): number {
  if ('problem' in taken) {
    requireTakeable(taken);
    if (json) stdout.write(`${JSON.stringify(taken)}\n`);
    else stderr.write(`not taken: ${taken.message}\n`);
    return EXIT.denied;
  }
  if (json) stdout.write(`${JSON.stringify(takenView(taken))}\n`);
  else {
    stdout.write(approvalText(taken, Date.now()));
    if (taken.grantId !== undefined) stdout.write(`grant      ${taken.grantId}\n`);
  }
  return taken.standing.kind === 'pending' ? EXIT.pending : EXIT.ok;
}
