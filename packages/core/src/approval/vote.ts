import type { EventDraft } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';
import type { Approval } from './approval.ts';
import { argumentDiff, diffJson } from './diff.ts';
import { tagged } from './question.ts';

/** What a person says of an approval, before it is recorded. */
export interface Ballot {
  readonly by: string;
  readonly roles: readonly string[];
  readonly approved: boolean;
  readonly door: string;
  readonly why?: string;
  /** Other arguments, with which the call is to be judged anew. */
  readonly edited?: JsonObject;
}

type Proved = Pick<Approval, 'id' | 'tenant' | 'binding'>;

/**
 * The text whose MAC stands in the event of a vote.
 *
 * SECURITY: who can write to the store and has no key can record no vote that counts.
 */
export function voteText({ id, tenant, binding }: Proved, ballot: Ballot): string {
  const { by, roles, approved, door, edited } = ballot;
  return tagged('aegis approval vote/1', {
    id,
    tenant,
    binding,
    by,
    roles,
    approved,
    door,
    edited: edited ?? null,
  });
}

/** The event of a vote. `before` are the arguments that were asked about. */
export function voteDraft(
  approval: Proved,
  ballot: Ballot,
  before: JsonObject,
  mac: (text: string) => string,
): EventDraft {
  const { by, roles, approved, door, why, edited } = ballot;
  const payload: JsonObject = {
    approval_id: approval.id,
    approved,
    by,
    roles: [...roles],
    door,
    edited: edited !== undefined,
    ...(why === undefined ? {} : { why }),
    proof: mac(voteText(approval, ballot)),
  };
  if (edited === undefined) return { type: 'APPROVAL_VOTED', payload };
  const diff = diffJson(argumentDiff(before, edited));
  return { type: 'APPROVAL_VOTED', payload, sealed: { args: edited, diff } };
}
