import type { Message } from '../../jsonrpc.ts';
import { govern, governedText, type Perform } from '../govern.ts';
import type { OpenSession } from './open-session.ts';
import { readResource } from '../target.ts';

type Request = Extract<Message, { kind: 'request' }>;

/** Answers `resources/subscribe`. */
export function answerFollow(session: OpenSession, request: Request, signal: AbortSignal): Promise<string> {
  return answer(session, request, signal, ({ upstream, resource }, limits) =>
    session.following.follow(resource, session.links.to(upstream), limits),
  );
}

/** Answers `resources/unsubscribe`; what was not followed is not followed afterwards either. */
export function answerUnfollow(session: OpenSession, request: Request, signal: AbortSignal): Promise<string> {
  return answer(session, request, signal, ({ resource }, limits) =>
    session.following.unfollow(resource.name, limits),
  );
}

async function answer(
  { context: { kernel, catalogue }, handle }: OpenSession,
  { id, method, params }: Request,
  signal: AbortSignal,
  perform: Perform,
): Promise<string> {
  const governed = await govern(kernel, handle, { method, signal }, readResource(params, catalogue), perform);
  return governedText(id, method, governed);
}
