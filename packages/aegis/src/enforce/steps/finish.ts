import {
  canonicalJson,
  comparesAnswers,
  isJsonObject,
  type JsonObject,
  killedReason,
  labelsOf,
  nearlySpent,
  type ReasonCode,
} from '@aegis/core';
import { type Outcome, outcome } from '../evidence.ts';
import type { Verdicted } from '../door.ts';
import { denialOf, type Mediation, type Step } from '../mediation.ts';
import type { UpstreamFailure } from '../../ports.ts';

/** The outcome is sealed and durable; only then is anything released. */
export const finish: Step = {
  name: 'finish',
  async run(m) {
    const reloading = m.session.ready();
    if (reloading !== undefined) await reloading;
    const answer = answerOf(m);
    if (m.rules.policy.followsData) m.labels = answerLabels(m);
    const drafts = outcome(m, { ...outcomeOf(m, answer), ...progressOf(m, answer) });
    const learning = m.session.learn(drafts.at(-1) ?? drafts[0]);
    if (learning !== undefined) {
      await learning;
      await m.session.ready();
    }
    const durable = m.session.record(drafts);
    m.recorded = 'outcome';
    await durable;
    m.answer = answer;
  },
};

/** What tells a loop from progress: whether the tool failed, and whether it said the same as before. */
function progressOf(m: Mediation, { kind }: Verdicted): Pick<Outcome, 'toolError' | 'answerFingerprint'> {
  const { method, resource } = m.call;
  if (method !== 'tools/call' || kind === 'denied' || m.execution?.kind !== 'reply') return {};
  const { reply } = m.execution;
  const said = reply.kind === 'result' ? reply.result : { code: reply.code, message: reply.message };
  return {
    ...(said['isError'] === true ? { toolError: true } : {}),
    ...(comparesAnswers(m.rules.policy.settings)
      ? {
          answerFingerprint: m.session.fingerprint([
            'answer',
            resource.server,
            resource.name,
            canonicalJson(said),
          ]),
        }
      : {}),
  };
}

function answerLabels({ request, facts, rules, decision }: Mediation): readonly string[] {
  const server = rules.manifests.get(request.resource.server);
  return labelsOf(request, facts, server, decision?.obligations.labels);
}

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
      ? { kind: 'result', result: told(m, reply.result) }
      : { ...reply, kind: 'upstream_error' };
  }
  const killed = execution.failure === 'cancelled' ? m.ports.killed?.(m.request.subject) : undefined;
  if (killed !== undefined) return { kind: 'denied', denial: denialOf(m, killedReason(killed)) };
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

/** An agent hears with which arguments its call ran where a person changed them, and which limits are nearly spent. */
function told(m: Mediation, result: JsonObject): JsonObject {
  const { edit, request } = m;
  const { snapshot } = m.session;
  const agent = m.rules.agent(request.subject.agent);
  const limits = nearlySpent(m.rules.policy.settings, { snapshot, request, agent });
  if (edit === undefined && limits === undefined) return result;
  const meta = isJsonObject(result['_meta']) ? result['_meta'] : {};
  return {
    ...result,
    _meta: {
      ...meta,
      ...(edit === undefined ? {} : { [EDIT_META]: { edited_by: edit.by, arguments: request.args } }),
      ...(limits === undefined ? {} : { [LIMITS_META]: { left: limits } }),
    },
  };
}

/** Where a result says that its call was changed. */
const EDIT_META = 'aegis/approval';

/** Where a result says what is left of limits that are nearly spent. */
const LIMITS_META = 'aegis/limits';

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
