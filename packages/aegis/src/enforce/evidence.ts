import type {
  Decision,
  Declassification,
  EventDraft,
  EventType,
  JsonObject,
  JsonValue,
  Reason,
  ReasonCode,
  TaintFact,
  TaintFacts,
  ThreatScore,
} from '@aegis/core';
import { MAX_RECORDED_TAINTS, NO_TAINTS, questionJson } from '@aegis/core';
import type { AskedApproval, HeldCall } from '../ports.ts';
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

// The members of a payload stand in canonical order, where they can: then sealing it copies nothing.

/** What was asked, and the one decision on it. */
export function proposal(m: Mediation, decision: Decision): [EventDraft, EventDraft] {
  const { resource, action, args, id } = m.request;
  const { server } = resource;
  // The whole name of a resource is among the sealed arguments.
  const name = boundedName(resource.name);
  const what: JsonObject =
    familyOf(m) === TOOL ? { server, tool_name: name } : { server, kind: resource.kind, name };
  return [
    {
      type: familyOf(m).proposed,
      payload: {
        call_id: id,
        capabilities: m.facts.capabilities,
        door: action.door,
        ...(m.edit === undefined ? {} : { edits: m.edit.edits }),
        finding_ids: [...new Set(m.facts.findings.map((finding) => finding.id))],
        fingerprint: m.fingerprint,
        method: action.method,
        ...what,
      },
      sealed: m.userText === undefined ? { args } : { args, user_text: m.userText },
    },
    {
      type: 'POLICY_DECISION',
      payload: {
        audit: decision.audit,
        call_id: id,
        effect: decision.effect,
        mode: decision.mode,
        obligations: {
          ...(decision.obligations.labels === undefined ? {} : { labels: decision.obligations.labels }),
          mask: decision.obligations.mask,
          max_output_bytes: decision.obligations.maxOutputBytes,
          timeout_ms: decision.obligations.timeoutMs,
        },
        policy_digest: decision.policyDigest,
        reasons: decision.reasons.map(reasonPayload),
        ...(decision.rule === undefined ? {} : { rule: decision.rule }),
        ...(m.facts.score === undefined ? {} : { score: scorePayload(m.facts.score) }),
        ...taintPayload(m.facts.taint),
      },
      ...sealedOpinions(m),
    },
  ];
}

/** What modules said that had to be waited for: nobody can ask them again. */
export function sealedOpinions({ opinions }: Mediation): Pick<EventDraft, 'sealed'> {
  if (opinions === undefined || opinions.size === 0) return {};
  return { sealed: { opinions: Object.fromEntries(opinions) as unknown as JsonObject } };
}

function taintPayload({ taints, unfounded }: TaintFacts = NO_TAINTS): JsonObject {
  const authorityFirst = taints.toSorted(
    (a, b) => Number(b.use === 'authority') - Number(a.use === 'authority'),
  );
  return {
    ...(taints.length === 0 ? {} : { taints: authorityFirst.slice(0, MAX_RECORDED_TAINTS).map(taintEntry) }),
    ...(unfounded === undefined ? {} : { unfounded: boundedName(unfounded) }),
  };
}

function taintEntry({ at, labels, from, agreement, use }: TaintFact): JsonObject {
  return { at: boundedName(at), labels, from, agreement, use };
}

/** A name, or a pointer, as it stands in a record. */
export function boundedName(name: string): string {
  return name.slice(0, MAX_NAME_CHARS).toWellFormed();
}

/** That somebody vouches for an argument: a sanitizer for this call, a person for as long as the session lasts. */
export function declassified(
  m: Mediation,
  { at, labels, by }: Declassification,
  means: 'sanitizer' | 'person',
  value: JsonValue,
): EventDraft {
  return {
    type: 'DATA_DECLASSIFIED',
    payload: { call_id: m.request.id, at: boundedName(at), labels, by, means },
    sealed: { value },
  };
}

function scorePayload({ value, band, parts }: ThreatScore): JsonObject {
  return { band, parts: parts.map(({ kind, name, weight }) => ({ kind, name, weight })), value };
}

function reasonPayload({ code, phase, rule, message, cycle }: Reason): JsonObject {
  return {
    code,
    ...(cycle === undefined ? {} : { cycle }),
    message,
    phase,
    ...(rule === undefined ? {} : { rule }),
  };
}

export function allowed(m: Mediation, decision: 'allow' | 'approved' | 'shadow'): EventDraft {
  return {
    type: familyOf(m).allowed,
    payload: {
      call_id: m.request.id,
      decision,
      fingerprint: m.fingerprint,
      ...(m.rates.length === 0 ? {} : { rates: m.rates.map(({ key }) => key) }),
    },
  };
}

export function denied(m: Mediation, reason: Reason): EventDraft {
  return {
    type: familyOf(m).denied,
    payload: {
      call_id: m.request.id,
      code: reason.code,
      message: reason.message,
      ...(reason.rule === undefined ? {} : { rule: reason.rule }),
    },
  };
}

/** That a person is asked. What is asked is sealed beside the first such event of an approval. */
export function approvalRequested(
  m: Mediation,
  call: HeldCall,
  asked: AskedApproval | undefined,
): EventDraft {
  const call_id = m.request.id;
  if (asked === undefined) return { type: 'APPROVAL_REQUESTED', payload: { call_id } };
  if (asked.grant !== undefined) {
    return { type: 'APPROVAL_REQUESTED', payload: { call_id, approval_id: asked.id } };
  }
  const payload: JsonObject = {
    call_id,
    approval_id: asked.id,
    agent: call.agent,
    binding: asked.binding,
    expires_at_ms: asked.expiresAtMs,
    approvers: asked.approvers.map(({ quorum, roles, people }) => ({ quorum, roles, people })),
  };
  return asked.isNew
    ? { type: 'APPROVAL_REQUESTED', payload, sealed: { question: questionJson(call) } }
    : { type: 'APPROVAL_REQUESTED', payload };
}

/** Whose word it was, and through which door it came. */
interface Word {
  readonly by: string;
  readonly door?: string | undefined;
  readonly why?: string | undefined;
  readonly edited?: true | JsonObject | undefined;
}

export function approvalDecided(
  m: Mediation,
  approved: boolean,
  { by, door, why, edited }: Word,
  approvalId: string | undefined,
): EventDraft {
  return {
    type: 'APPROVAL_DECIDED',
    payload: {
      call_id: m.request.id,
      approved,
      by,
      ...(why === undefined ? {} : { why }),
      ...(approvalId === undefined ? {} : { approval_id: approvalId }),
      ...(door === undefined ? {} : { door }),
      ...(edited === undefined ? {} : { edited: true }),
    },
  };
}

/** That a grant answers the question, so that nobody is asked. */
export function approvalGranted(
  m: Mediation,
  approvalId: string,
  { id, by, door }: NonNullable<AskedApproval['grant']>,
): EventDraft {
  return {
    type: 'APPROVAL_DECIDED',
    payload: { call_id: m.request.id, approved: true, by, approval_id: approvalId, grant_id: id, door },
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
  /** The tool answered that it failed. */
  readonly toolError?: true;
  readonly answerFingerprint?: string;
  /** What the caller was given: `result`, or the `error` of the upstream; undefined when nothing. */
  readonly released?: { readonly result: JsonObject } | { readonly error: JsonObject };
}

/**
 * The events that close a call: what the upstream did, which receipts it earned, what was released.
 * Of a call that never ran there is no execution to report.
 */
export function outcome(
  m: Mediation,
  { outcome, code, toolError, answerFingerprint, released }: Outcome,
): [EventDraft, ...EventDraft[]] {
  const call_id = m.request.id;
  const closing: EventDraft = {
    type: familyOf(m).result,
    payload: {
      ...(answerFingerprint === undefined ? {} : { answer_fingerprint: answerFingerprint }),
      call_id,
      ...(code === undefined ? {} : { code }),
      ...(m.answerFindings === undefined ? {} : { finding_ids: m.answerFindings }),
      ...(m.labels === undefined || released === undefined ? {} : { labels: m.labels }),
      masked: m.masked,
      outcome,
      ...(m.answerScore === undefined ? {} : { score: m.answerScore.value }),
      ...(toolError === undefined ? {} : { tool_error: toolError }),
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
