import type { ReasonCode } from '@aegis/core';
import { outcome } from '../evidence.ts';
import type { Verdicted } from '../door.ts';
import { denialOf, type Mediation, type Step } from '../mediation.ts';
import type { UpstreamFailure } from '../../ports.ts';

/** The outcome is sealed and durable; only then is anything released. */
export const finish: Step = {
  name: 'finish',
  async run(m) {
    await m.session.ready();
    const answer = answerOf(m);
    const durable =
      answer.kind === 'result'
        ? m.session.record(outcome(m, { outcome: 'executed', released: answer.result }))
        : m.session.record(
            outcome(m, {
              outcome: 'failed',
              code: answer.kind === 'denied' ? answer.denial.code : 'UPSTREAM_FAILED',
            }),
          );
    m.recorded = 'outcome';
    await durable;
    m.answer = answer;
  },
};

function answerOf(m: Mediation): Verdicted {
  const { execution } = m;
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
      ...(REMEDY_OF[execution.failure] === undefined ? {} : { remedy: REMEDY_OF[execution.failure] }),
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
