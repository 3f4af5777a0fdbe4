import {
  type BandAnswers,
  CALL_ANSWERS,
  type CallAnswer,
  GUARDED_BANDS,
  type GuardSettings,
} from '@aegis/core';
import type { Report } from './routes.ts';
import type { GuardsEntry } from './schema.ts';

/** Reads what content leads to by itself. */
export function readGuards({ requests, results, secrets }: GuardsEntry, report: Report): GuardSettings {
  const calls = requests === 'record' ? {} : requests;
  if (calls !== undefined) refuseMilder(calls, report);
  return {
    ...(calls === undefined ? {} : { requests: calls }),
    ...(results === undefined ? {} : { results: results === 'record' ? {} : results }),
    ...(secrets === undefined ? {} : { secrets }),
  };
}

/** A call that threatens more must not be answered more mildly: nobody means that. */
function refuseMilder(answers: BandAnswers<CallAnswer>, report: Report): void {
  let strictest = -1;
  for (const band of GUARDED_BANDS) {
    const answer = answers[band];
    if (answer === undefined) continue;
    const strictness = CALL_ANSWERS.indexOf(answer);
    if (strictness < strictest) {
      report(
        'no-effect',
        ['guards', 'requests', band],
        `\`${band}\` is answered more mildly than a lower band`,
        'from a band on the same holds, or something stricter',
      );
    }
    strictest = Math.max(strictest, strictness);
  }
}
