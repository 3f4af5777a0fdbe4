import { assertNever, type Resource } from '@aegis/core';
import type { Verdicted } from '../../enforce/door.ts';
import { firstSuccess, type MemberReply, mergeAll, succeeded } from './merge.ts';
import type { Route } from './route.ts';

/** What one server of a route would be asked. */
export interface RouteMember {
  readonly resource: Resource;
}

/**
 * Calls the members as the route orders, and makes one answer of theirs. `callMember` takes one call
 * through the kernel, with a decision, a record and an outcome of its own, and never rejects.
 * `first-success` goes on after a failure and after a denial alike, but not once `signal` says that the
 * client has given up.
 *
 * INVARIANT: an effect is reached through `callMember` alone, at most once for each member.
 */
export async function callRoute<M extends RouteMember>(
  { order, failure }: Route,
  members: readonly M[],
  callMember: (member: M) => Promise<Verdicted>,
  signal?: AbortSignal,
): Promise<Verdicted> {
  const call = async (member: M): Promise<MemberReply> => ({
    server: member.resource.server,
    verdict: await callMember(member),
  });
  switch (order) {
    case 'all':
      return mergeAll(await Promise.all(members.map(call)), failure);
    case 'first-success': {
      const replies: MemberReply[] = [];
      for (const member of members) {
        if (replies.length > 0 && signal?.aborted === true) break;
        const reply = await call(member);
        replies.push(reply);
        if (succeeded(reply)) break;
      }
      return firstSuccess(replies);
    }
    default:
      return assertNever(order);
  }
}
