import type { ContentFact } from '../model/finding.ts';
import type { DecisionEffect, Mode } from '../model/decision.ts';
import type { Envelope } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';
import type { ReasonCode } from '../model/reason.ts';
import type { AccessRequest, Door, ResourceKind } from '../model/request.ts';
import type { TaintFacts } from '../model/taint.ts';
import type { Payload } from '../ledger/payloads.ts';
import type { Snapshot } from '../session/snapshot.ts';
import type { TriedCall } from './establish.ts';

/** A call that was made once, to be decided again, and what was decided then. */
export interface PastCall extends TriedCall {
  readonly decided: PastDecision;
}

export interface PastDecision {
  readonly effect: DecisionEffect;
  readonly mode: Mode;
  readonly code: ReasonCode;
  readonly message: string;
  readonly rule?: string;
  readonly policyDigest: string;
  /**
   * Something decided that the policy and the session do not tell: a definition that nobody accepted, a kill switch, a
   * rate that other sessions had taken up, an error.
   */
  readonly besidePolicy: boolean;
}

/** What became of a call at once: in shadow every decision lets it go on. */
export function passageOf({
  effect,
  mode,
}: {
  readonly effect: DecisionEffect;
  readonly mode: Mode;
}): DecisionEffect {
  return mode === 'shadow' ? 'allow' : effect;
}

/**
 * A call as its events tell it; `before` is the session as the call found it. What stood in files then is not known:
 * contents count as what their receipts speak of, unless it was them that the call was denied for.
 */
export function pastCall({
  proposed,
  decided,
  before,
  args,
}: {
  readonly proposed: Envelope;
  readonly decided: Envelope;
  readonly before: Snapshot;
  readonly args: JsonObject;
}): PastCall {
  const { payload } = proposed;
  const decision = decisionIn(decided.payload as unknown as Payload<'POLICY_DECISION'>);
  const request: AccessRequest = {
    id: String(payload['call_id']),
    subject: {
      tenant: proposed.tenant_id,
      agent: before.agent,
      user: proposed.user_id,
      session: proposed.session_id,
    },
    action: { method: String(payload['method']), door: (payload['door'] ?? 'mcp-stdio') as Door },
    resource: {
      server: String(payload['server']),
      kind:
        proposed.event_type === 'TOOL_CALL_PROPOSED'
          ? 'tool'
          : ((payload['kind'] ?? 'server') as ResourceKind),
      // A long name is cut in the record; of a resource the arguments have all of it.
      name:
        payload['kind'] === 'resource'
          ? String(args['uri'] ?? payload['name'])
          : String(payload['tool_name'] ?? payload['name']),
    },
    args,
    nowMs: proposed.ts_unix_ms,
  };
  const contents = decision.code === 'PRECONDITION_FAILED' ? [] : contentsOf(before);
  const taint = taintIn(decided.payload as unknown as Payload<'POLICY_DECISION'>);
  return {
    request,
    snapshot: before,
    fingerprint: String(payload['fingerprint']),
    known: { contents, ...(taint === undefined ? {} : { taint }) },
    decided: decision,
  };
}

function decisionIn({
  effect,
  mode,
  rule,
  reasons,
  policy_digest,
}: Payload<'POLICY_DECISION'>): PastDecision {
  const [{ code, phase, message } = { code: 'INTERNAL_ERROR', phase: 'enforce', message: '' } as const] =
    reasons;
  return {
    effect,
    mode,
    code,
    message,
    ...(rule === undefined ? {} : { rule }),
    policyDigest: policy_digest,
    besidePolicy: phase === 'enforce' || (phase !== 'rules' && BESIDE_POLICY.has(code)),
  };
}

/** A module can give some of these as its own words, in the phase of rules. */
const BESIDE_POLICY: ReadonlySet<ReasonCode> = new Set([
  'TOOL_CHANGED',
  'TOOL_UNKNOWN',
  'KILLED',
  'RATE_LIMITED',
]);

function contentsOf({ receipts }: Snapshot): readonly ContentFact[] {
  return receipts.map(({ name, subject, sha256 }) => ({ receipt: name, subject, sha256 }));
}

function taintIn({ taints, unfounded }: Payload<'POLICY_DECISION'>): TaintFacts | undefined {
  if (taints === undefined && unfounded === undefined) return undefined;
  return { taints: taints ?? [], declassified: [], ...(unfounded === undefined ? {} : { unfounded }) };
}
