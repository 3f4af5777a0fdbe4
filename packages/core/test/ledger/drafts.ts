import type { EventDraft } from '../../src/model/event.ts';
import type { JsonObject } from '../../src/model/json.ts';

/** Drafts of every kind that a session can hold, for the tests of the ledger. */
export const DIGEST = 'ab'.repeat(32);

export const started = (agent = 'agent'): EventDraft => ({
  type: 'SESSION_STARTED',
  payload: { agent, door: 'mcp-stdio', policy_digest: DIGEST },
});

export const terminated = (): EventDraft => ({ type: 'TERMINATION', payload: { cause: 'closed' } });

export const errorRaised = (): EventDraft => ({
  type: 'ERROR_RAISED',
  payload: { code: 'INTERNAL', message: 'a note' },
});

const proposal = (call_id: string): JsonObject => ({
  call_id,
  server: 'files',
  method: 'tools/call',
  door: 'mcp-stdio',
  fingerprint: `print-${call_id}`,
  capabilities: ['fs.read'],
  finding_ids: [],
});

export const proposed = (id: string, sealed?: JsonObject): EventDraft => ({
  type: 'TOOL_CALL_PROPOSED',
  payload: { ...proposal(id), tool_name: 'read_file' },
  ...(sealed === undefined ? {} : { sealed }),
});

export const accessProposed = (id: string): EventDraft => ({
  type: 'ACCESS_PROPOSED',
  payload: { ...proposal(id), kind: 'resource', name: 'file:///notes' },
});

export const decided = (
  call_id: string,
  effect: 'allow' | 'deny' | 'require_approval' = 'allow',
  mode: 'enforce' | 'shadow' = 'enforce',
): EventDraft => ({
  type: 'POLICY_DECISION',
  payload: {
    call_id,
    effect,
    mode,
    audit: false,
    policy_digest: DIGEST,
    reasons: [{ code: 'OK', phase: 'obligations', message: 'nothing objects' }],
    obligations: { mask: [], timeout_ms: 1000, max_output_bytes: 1000 },
  },
});

export const approvalRequested = (call_id: string): EventDraft => ({
  type: 'APPROVAL_REQUESTED',
  payload: { call_id },
});

export const approvalDecided = (call_id: string, approved: boolean): EventDraft => ({
  type: 'APPROVAL_DECIDED',
  payload: { call_id, approved, by: 'ada' },
});

/** What people say of held calls, in sessions of their own. */
export const peoplesWords = (): EventDraft[] => [
  {
    type: 'APPROVAL_VOTED',
    payload: {
      approval_id: 'apr_1',
      approved: true,
      by: 'ada',
      roles: [],
      door: 'cli',
      edited: false,
      proof: DIGEST,
    },
  },
  { type: 'APPROVAL_USED', payload: { approval_id: 'apr_1', call_id: 'c1' } },
  {
    type: 'GRANT_MADE',
    payload: {
      grant_id: 'grt_1',
      approval_id: 'apr_1',
      agent: 'agent',
      method: 'tools/call',
      server: 'files',
      name: 'read_file',
      policy_digest: DIGEST,
      grounds: ['ask'],
      expires_at_ms: 1,
      by: 'ada',
      door: 'cli',
      proof: DIGEST,
    },
    sealed: { args: { match: 'any' } },
  },
  { type: 'GRANT_REVOKED', payload: { grant_id: 'grt_1', by: 'ada', door: 'cli' } },
];

type Ground = 'allow' | 'approved' | 'shadow';
type Outcome = 'executed' | 'failed' | 'withheld' | 'unknown';

const allowance = (call_id: string, decision: Ground): JsonObject => ({
  call_id,
  fingerprint: `print-${call_id}`,
  decision,
});

export const allowed = (id: string, ground: Ground = 'allow'): EventDraft => ({
  type: 'TOOL_CALL_ALLOWED',
  payload: allowance(id, ground),
});

export const accessAllowed = (id: string, ground: Ground = 'allow'): EventDraft => ({
  type: 'ACCESS_ALLOWED',
  payload: allowance(id, ground),
});

const denial = (call_id: string): JsonObject => ({ call_id, code: 'POLICY_DENY', message: 'no' });

export const denied = (id: string): EventDraft => ({ type: 'TOOL_CALL_DENIED', payload: denial(id) });

export const accessDenied = (id: string): EventDraft => ({ type: 'ACCESS_DENIED', payload: denial(id) });

export const executed = (call_id: string): EventDraft => ({
  type: 'TOOL_CALL_EXECUTED',
  payload: { call_id, duration_ms: 12, upstream: 'result' },
});

export const result = (call_id: string, outcome: Outcome = 'executed'): EventDraft => ({
  type: 'TOOL_RESULT',
  payload: { call_id, outcome, masked: 0 },
});

export const accessResult = (call_id: string, outcome: Outcome = 'executed'): EventDraft => ({
  type: 'ACCESS_RESULT',
  payload: { call_id, outcome, masked: 0 },
});

export const receiptMinted = (
  receipt_id: string,
  { name = 'validation', subject = 'orders', minted_at_ms = 0, expires_at_ms = 1e15 } = {},
): EventDraft => ({
  type: 'RECEIPT_MINTED',
  payload: { receipt_id, name, subject, sha256: DIGEST, minted_at_ms, expires_at_ms },
});

/** That somebody vouches for an argument of an open call. */
export const declassified = (call_id: string): EventDraft => ({
  type: 'DATA_DECLASSIFIED',
  payload: { call_id, at: '/to', labels: ['external'], by: 'ann', means: 'person' },
  sealed: { value: 'ann@example.org' },
});

/** A tool call that ran, from its proposal to its result. */
export const toolCall = (id: string): EventDraft[] => [
  proposed(id, { args: { path: `/notes/${id}` } }),
  decided(id),
  allowed(id),
  executed(id),
  result(id),
];

const about = { server: 'files', kind: 'tool', name: 'read' };

/** A definition that is trusted at first sight. */
export const pinned = (fingerprint: string, name = 'read'): EventDraft => ({
  type: 'TOOL_PINNED',
  payload: { ...about, name, fingerprint },
  sealed: { definition: { name } },
});

/** What a server offers instead of what is `inForce`. */
export const changed = (inForce: string | undefined, fingerprint?: string): EventDraft => ({
  type: 'TOOL_CHANGED',
  payload: {
    ...about,
    state: fingerprint === undefined ? 'gone' : 'changed',
    ...(inForce === undefined ? {} : { pinned: inForce }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
  },
});

export const accepted = (inForce: string | undefined, fingerprint: string): EventDraft => ({
  type: 'TOOL_ACCEPTED',
  payload: {
    ...about,
    ...(inForce === undefined ? {} : { pinned: inForce }),
    fingerprint,
    by: 'ada',
  },
});

/** A policy that comes into force; `known` when the ledger has its texts already. */
export const activated = (fingerprint: string = DIGEST, known = false): EventDraft => ({
  type: 'POLICY_ACTIVATED',
  payload: { policy_digest: DIGEST, fingerprint, known, cause: 'start', by: 'aegis' },
  ...(known ? {} : { sealed: { bundle: { fingerprint } } }),
});

/** A stop with a fingerprint of its own, or, with none, that the one named `pinned` is over. */
export const killed = (fingerprint: string | undefined, pinned?: string): EventDraft => ({
  type: 'KILL_SWITCHED',
  payload: {
    scope: 'agent',
    name: 'coder',
    killed: fingerprint !== undefined,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(pinned === undefined ? {} : { pinned }),
    by: 'ada',
    door: 'cli',
    proof: DIGEST,
  },
});

export const signedIn = (): EventDraft => ({
  type: 'PERSON_SIGNED_IN',
  payload: { person: 'ada', roles: ['admin'], tenant: 'acme', source: '127.0.0.1' },
});

export const signInRefused = (): EventDraft => ({
  type: 'SIGN_IN_REFUSED',
  payload: { source: '127.0.0.1', failures: 10, first_ms: 1, last_ms: 2, locked_until_ms: 3 },
});

export const secretChanged = (): EventDraft => ({
  type: 'SECRET_CHANGED',
  payload: { change: 'added', secret: 'STRIPE_KEY', version: 1, generation: 4, by: 'ada' },
});

export const secretUsed = (): EventDraft => ({
  type: 'SECRET_USED',
  payload: { secret: 'STRIPE_KEY', version: 1, use: 'server `payments`' },
});

export const keyRotated = (): EventDraft => ({
  type: 'LEDGER_KEY_ROTATED',
  payload: { old_key: '0a1b2c3d', new_key: '4e5f6071', overlap_until_ms: 1_764_288_000_000 },
});

export const restored = (): EventDraft => ({
  type: 'LEDGER_RESTORED',
  payload: {
    epoch: 2,
    lost_origin: 'aegis-0123456789ab/acme',
    lost_size: 812,
    lost_root: DIGEST,
    because: 'the disk was lost',
    by: 'ada',
  },
});

export const erased = (
  hashes: readonly string[] = [DIGEST],
  because = 'asked by the person',
): EventDraft => ({
  type: 'DATA_ERASED',
  payload: { scope: 'session', session: 'ses_1', values: hashes.length, hashes, because, by: 'ada' },
});

export const archived = (): EventDraft => ({
  type: 'SEGMENT_ARCHIVED',
  payload: {
    segment: 'seg_2025-10',
    sessions: 3,
    events: 41,
    bundle_sha256: DIGEST,
    before_ms: 1_761_955_200_000,
    by: 'ada',
  },
});
