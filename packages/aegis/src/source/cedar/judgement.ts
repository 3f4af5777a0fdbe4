import type { AuthorizationAnswer } from '@cedar-policy/cedar-wasm/nodejs';
import type { Evaluated, Objection } from '@aegis/core';
import type { CedarPolicy } from './policies.ts';

/**
 * What Cedar has against a call: the policies that forbid it, or that none permits it.
 *
 * SECURITY: Cedar passes over a policy that fails. Here a `forbid` that fails forbids; a `permit` that fails permits
 * nothing.
 */
export function judged(
  answer: AuthorizationAnswer,
  policies: ReadonlyMap<string, CedarPolicy>,
  needsPermit: boolean,
): Evaluated {
  // SECURITY: what Cedar says of a request that it refuses repeats arguments.
  if (answer.type === 'failure') return { kind: 'fault', message: 'Cedar refuses the request' };
  const { decision, diagnostics } = answer.response;
  const objections: Objection[] = diagnostics.errors.flatMap(({ policyId, error }) =>
    policies.get(policyId)?.forbids === false ? [] : [failed(policyId, error.message)],
  );
  if (decision === 'deny') {
    objections.push(...diagnostics.reason.map((id) => forbidden(id, policies.get(id)?.reason)));
    const permitted = diagnostics.reason.length > 0 || objections.length > 0 || !needsPermit;
    if (!permitted) objections.push({ by: 'cedar', text: 'no policy in Cedar permits the call' });
  }
  return { kind: 'objections', objections };
}

function forbidden(id: string, reason: string | undefined): Objection {
  return { by: `cedar:${id}`, ...(reason === undefined ? {} : { text: reason }) };
}

/** What Cedar says of an error without repeating a value. */
const SPEAKABLE = /^(?:record does not have the attribute `|type error: expected )/;

function failed(id: string, message: string): Objection {
  const by = `cedar:${id}`;
  const why = SPEAKABLE.test(message) ? message : 'it fails';
  return { by, text: `the policy \`${by}\` cannot judge the call: ${why}` };
}
