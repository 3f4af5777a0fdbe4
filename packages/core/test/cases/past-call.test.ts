import { describe, expect, it } from 'vitest';
import { passageOf, pastCall } from '../../src/cases/past-call.ts';
import type { Envelope, EventType } from '../../src/model/event.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { startSnapshot } from '../../src/session/fold.ts';
import * as d from '../ledger/drafts.ts';

const AT = 1_800_000_000_000;

const event = (event_type: EventType, payload: JsonObject): Envelope => ({
  event_type,
  payload,
  seq: 1,
  session_id: 'ses_1',
  tenant_id: 'acme',
  ts_unix_ms: AT,
  user_id: 'u',
});

const before = {
  ...startSnapshot({ tenant: 'acme', session: 'ses_1', agent: 'ada', user: 'u' }),
  receipts: [
    {
      id: 'rcp_1',
      name: 'silver',
      subject: 'a.csv',
      sha256: d.DIGEST,
      mintedAtMs: AT - 1,
      expiresAtMs: AT + 1,
    },
  ],
};

const REASON = { code: 'POLICY_ALLOW', phase: 'rules', message: 'allowed' };

function past(decision: JsonObject = {}, proposal: JsonObject = {}, type: EventType = 'TOOL_CALL_PROPOSED') {
  const proposed = {
    call_id: 'c1',
    server: 'files',
    tool_name: 'read',
    method: 'tools/call',
    fingerprint: 'f',
    ...proposal,
  };
  const decided = {
    effect: 'allow',
    mode: 'enforce',
    policy_digest: d.DIGEST,
    reasons: [REASON],
    ...decision,
  };
  return pastCall({
    proposed: event(type, proposed),
    decided: event('POLICY_DECISION', decided),
    before,
    args: { uri: 'file:///a', path: 'a' },
  });
}

describe('a call of the past', () => {
  it('is what its events say, in the session as it was', () => {
    expect(past({ rule: 'all' }, { door: 'mcp-http' })).toMatchObject({
      request: {
        id: 'c1',
        subject: { tenant: 'acme', agent: 'ada', user: 'u', session: 'ses_1' },
        action: { method: 'tools/call', door: 'mcp-http' },
        resource: { kind: 'tool', server: 'files', name: 'read' },
        nowMs: AT,
      },
      fingerprint: 'f',
      snapshot: before,
      decided: { effect: 'allow', rule: 'all', code: 'POLICY_ALLOW', besidePolicy: false },
    });
  });

  it('of a resource has its whole name from the arguments', () => {
    const { request } = past(
      {},
      { kind: 'resource', name: 'cut', method: 'resources/read' },
      'ACCESS_PROPOSED',
    );
    expect(request.resource).toEqual({ kind: 'resource', server: 'files', name: 'file:///a' });
  });

  it('counts contents as what receipts speak of, unless it was them that it was denied for', () => {
    expect(past().known?.contents).toEqual([{ receipt: 'silver', subject: 'a.csv', sha256: d.DIGEST }]);
    const failed = {
      effect: 'deny',
      reasons: [{ code: 'PRECONDITION_FAILED', phase: 'preconditions', message: 'x' }],
    };
    expect(past(failed).known?.contents).toEqual([]);
  });

  it('has the taints that are recorded', () => {
    const taints = [{ at: '/path', labels: ['web'], from: ['c0'], agreement: 'value', use: 'choice' }];
    expect(past({ taints }).known?.taint).toEqual({
      taints,
      declassified: [],
    });
    expect(past().known).not.toHaveProperty('taint');
  });

  it.each([
    ['enforce', 'TOOL_CHANGED', true],
    ['manifest', 'TOOL_CHANGED', true],
    ['enforce', 'INTERNAL_ERROR', true],
    ['limits', 'KILLED', true],
    ['limits', 'RATE_LIMITED', true],
    ['rules', 'RATE_LIMITED', false],
    ['manifest', 'FS_DENY', false],
  ])('in phase %s with %s was decided beside the policy: %s', (phase, code, beside) => {
    expect(past({ effect: 'deny', reasons: [{ code, phase, message: 'x' }] }).decided.besidePolicy).toBe(
      beside,
    );
  });

  it('went on where the policy was in shadow', () => {
    expect(passageOf({ effect: 'deny', mode: 'shadow' })).toBe('allow');
    expect(passageOf({ effect: 'deny', mode: 'enforce' })).toBe('deny');
  });
});
