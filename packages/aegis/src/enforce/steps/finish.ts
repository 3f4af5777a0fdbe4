import type { ReasonCode } from '@aegis/core';
import { type Outcome, outcome } from '../evidence.ts';
import type { Verdicted } from '../door.ts';
import { denialOf, type Mediation, type Step } from '../mediation.ts';
import type { UpstreamFailure } from '../../ports.ts';

/** The outcome is sealed and durable; only then is anything released. */
export const finish: Step = {
  name: 'finish',
  async run(m) {
    await m.session.ready();
    const answer = answerOf(m);
    const durable = m.session.record(outcome(m, outcomeOf(m, answer)));
    m.recorded = 'outcome';
    await durable;
    m.answer = answer;
  },
};

function outcomeOf({ withheld }: Mediation, answer: Verdicted): Outcome {
  if (withheld !== undefined) return { outcome: 'withheld', code: withheld.code };
  switch (answer.kind) {
    case 'result':
      return { outcome: 'executed', released: { result: answer.result } };
    case 'upstream_error': {
      const { kind: _, ...error } = answer;
      return { outcome: 'failed', code: 'UPSTREAM_FAILED', released: { error } };
    }
    case 'denied':
      return { outcome: 'failed', code: answer.denial.code };
  }
}

function answerOf(m: Mediation): Verdicted {
  const { execution, refusal, withheld } = m;
  const denial = refusal ?? withheld;
  if (denial !== undefined) return { kind: 'denied', denial: denialOf(m, denial) };
  if (execution === undefined) throw new TypeError('finished before it was executed');
  if (execution.kind === 'reply') {
    const { reply } = execution;
    return reply.kind === 'result'
      ? { kind: 'result', result: reply.result }
      : { ...reply, kind: 'upstream_error' };
  }
  return {
    kind: 'denied',
    denial: denialOf(m, {
      code: CODE_OF[execution.failure],
      phase: 'enforce',
      message: execution.message,
      remedy: REMEDY_OF[execution.failure],
    }),
  };
}

const CODE_OF: Readonly<Record<UpstreamFailure, ReasonCode>> = {
  timeout: 'TIMEOUT',
  too_large: 'OUTPUT_TOO_LARGE',
  unavailable: 'UPSTREAM_FAILED',
  cancelled: 'UPSTREAM_FAILED',
  protocol: 'UPSTREAM_FAILED',
};

const REMEDY_OF: Readonly<Record<UpstreamFailure, string>> = {
  timeout: 'ask for less in one call, or raise `limits.timeout_ms`',
  too_large: 'ask for fewer rows or a smaller part, or raise `limits.max_output_bytes`',
  unavailable: 'use another tool, or try again when the server is back',
  cancelled: 'nothing to do: the caller cancelled it',
  protocol: 'report it to whoever runs the server',
};
