import type {
  Decision,
  EventDraft,
  EventType,
  JsonObject,
  Reason,
  ReasonCode,
  ThreatScore,
} from '@aegis/core';
import type { EarnedReceipt, Execution, Mediation } from './mediation.ts';

interface Family {
  readonly proposed: EventType;
  readonly allowed: EventType;
  readonly denied: EventType;
  readonly result: EventType;
}

const TOOL: Family = {
  proposed: 'TOOL_CALL_PROPOSED',
  allowed: 'TOOL_CALL_ALLOWED',
  denied: 'TOOL_CALL_DENIED',
  result: 'TOOL_RESULT',
};

const ACCESS: Family = {
  proposed: 'ACCESS_PROPOSED',
  allowed: 'ACCESS_ALLOWED',
  denied: 'ACCESS_DENIED',
  result: 'ACCESS_RESULT',
};

function familyOf(m: Mediation): Family {
  return m.call.method === 'tools/call' ? TOOL : ACCESS;
}

/** Longest name in a proposal, in UTF-16 units: an envelope is bounded, and a URI can be long. */
const MAX_NAME_CHARS = 1024;

/** What was asked, and the one decision on it. */
export function proposal(m: Mediation, decision: Decision): [EventDraft, EventDraft] {
  const { resource, action, args, id } = m.request;
  const { server } = resource;
  // The whole name of a resource is among the sealed arguments.
  const name = resource.name.slice(0, MAX_NAME_CHARS).toWellFormed();
  const what: JsonObject =
    familyOf(m) === TOOL ? { server, tool_name: name } : { server, kind: resource.kind, name };
  return [
    {
      type: familyOf(m).proposed,
      payload: {
        call_id: id,
        ...what,
        method: action.method,
        door: action.door,
        fingerprint: m.fingerprint,
        capabilities: m.facts.capabilities,
        finding_ids: [...new Set(m.facts.findings.map((finding) => finding.id))],
      },
      sealed: { args },
    },
    {
      type: 'POLICY_DECISION',
      payload: {
        call_id: id,
        effect: decision.effect,
        mode: decision.mode,
        audit: decision.audit,
        policy_digest: decision.policyDigest,
        ...(decision.rule === undefined ? {} : { rule: decision.rule }),
        reasons: decision.reasons.map(reasonPayload),
        obligations: {
          mask: decision.obligations.mask,
          timeout_ms: decision.obligations.timeoutMs,
          max_output_bytes: decision.obligations.maxOutputBytes,
        },
        ...(m.facts.score === undefined ? {} : { score: scorePayload(m.facts.score) }),
      },
    },
  ];
}

function scorePayload({ value, band, parts }: ThreatScore): JsonObject {
  return { value, band, parts: parts.map(({ kind, name, weight }) => ({ kind, name, weight })) };
}

function reasonPayload({ code, phase, rule, message }: Reason): JsonObject {
  return { code, phase, ...(rule === undefined ? {} : { rule }), message };
}

export function allowed(m: Mediation, decision: 'allow' | 'approved' | 'shadow'): EventDraft {
  return {
    type: familyOf(m).allowed,
    payload: { call_id: m.request.id, fingerprint: m.fingerprint, decision },
  };
}

export function denied(m: Mediation, reason: Reason): EventDraft {
  return {
    type: familyOf(m).denied,
    payload: {
      call_id: m.request.id,
      code: reason.code,
      ...(reason.rule === undefined ? {} : { rule: reason.rule }),
      message: reason.message,
    },
  };
}

export function approvalRequested(m: Mediation): EventDraft {
  return { type: 'APPROVAL_REQUESTED', payload: { call_id: m.request.id } };
}

export function approvalDecided(m: Mediation, approved: boolean, by: string, why?: string): EventDraft {
  return {
    type: 'APPROVAL_DECIDED',
    payload: { call_id: m.request.id, approved, by, ...(why === undefined ? {} : { why }) },
  };
}

/** How an execution ended, in the record's words; without one, the door itself failed to reach it. */
function upstreamWord(execution: Execution | undefined): string {
  if (execution === undefined) return 'unavailable';
  return execution.kind === 'failure' ? execution.failure : execution.reply.kind;
}

export interface Outcome {
  readonly outcome: 'executed' | 'failed' | 'withheld';
  readonly code?: ReasonCode;
  /** What the caller was given: `result`, or the `error` of the upstream; undefined when nothing. */
  readonly released?: { readonly result: JsonObject } | { readonly error: JsonObject };
}

/**
 * The events that close a call: what the upstream did, which receipts it earned, what was released.
 * Of a call that never ran there is no execution to report.
 */
export function outcome(m: Mediation, { outcome, code, released }: Outcome): [EventDraft, ...EventDraft[]] {
  const call_id = m.request.id;
  const closing: EventDraft = {
    type: familyOf(m).result,
    payload: {
      call_id,
      outcome,
      ...(code === undefined ? {} : { code }),
      masked: m.masked,
      ...(m.answerFindings === undefined ? {} : { finding_ids: m.answerFindings }),
      ...(m.answerScore === undefined ? {} : { score: m.answerScore.value }),
    },
    ...(released === undefined ? {} : { sealed: released }),
  };
  if (familyOf(m) !== TOOL || m.startedAtMs === undefined) return [closing];
  return [
    {
      type: 'TOOL_CALL_EXECUTED',
      payload: { call_id, duration_ms: m.durationMs, upstream: upstreamWord(m.execution) },
    },
    ...m.earned.map((receipt) => receiptMinted(call_id, receipt)),
    closing,
  ];
}

function receiptMinted(call_id: string, receipt: EarnedReceipt): EventDraft {
  return {
    type: 'RECEIPT_MINTED',
    payload: {
      call_id,
      receipt_id: receipt.id,
      name: receipt.name,
      subject: receipt.subject,
      sha256: receipt.sha256,
      minted_at_ms: receipt.mintedAtMs,
      expires_at_ms: receipt.expiresAtMs,
    },
  };
}
