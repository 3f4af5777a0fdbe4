import type { RequestMessage } from '../../jsonrpc.ts';
import { govern, governedText, type Perform } from '../govern.ts';
import type { OpenSession } from './open-session.ts';
import { readResource } from '../target.ts';

/** Answers `resources/subscribe`. */
export function answerFollow(
  session: OpenSession,
  request: RequestMessage,
  signal: AbortSignal,
): Promise<string> {
  return answer(session, request, signal, ({ upstream, resource }, limits) =>
    session.following.follow(resource, session.links.to(upstream), limits),
  );
}

/** Answers `resources/unsubscribe`; what was not followed is not followed afterwards either. */
export function answerUnfollow(
  session: OpenSession,
  request: RequestMessage,
  signal: AbortSignal,
): Promise<string> {
  return answer(session, request, signal, ({ resource }, limits) =>
    session.following.unfollow(resource.name, limits),
  );
}

async function answer(
  { context: { kernel }, handle, catalogue }: OpenSession,
  { id, method, params }: RequestMessage,
  signal: AbortSignal,
  perform: Perform,
): Promise<string> {
  await catalogue.find(params['uri']);
  const governed = await govern(kernel, handle, { method, signal }, readResource(params, catalogue), perform);
  return governedText(id, method, governed);
}
