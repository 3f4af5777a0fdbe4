import type { JsonObject, Masks } from '@aegis/core';
import type { UpstreamLimits, UpstreamReply } from '../../../ports.ts';
import type { RequestId, RequestMessage } from '../../jsonrpc.ts';
import type { Send } from '../channel.ts';
import { ClientApproval } from './client-approval.ts';
import { RequestTalk, SessionConversation } from './conversation.ts';
import { govern, governedText, type Governed } from '../govern.ts';
import { withoutHopError } from './hop-error.ts';
import type { OpenSession } from './open-session.ts';
import { progressRelay } from '../progress.ts';
import { inRounds, type RoundTrip } from './rounds.ts';
import type { Target, TargetReader } from '../target.ts';
import { userTextOf } from '../user-text.ts';

/** Answers a request that acts on a server. */
export async function answerCall(
  session: OpenSession,
  { id, method, params }: RequestMessage,
  readTarget: TargetReader,
  signal: AbortSignal,
  send: Send,
): Promise<string> {
  const { kernel } = session.context;
  if (method === 'resources/read') await session.catalogue.find(params['uri']);
  const talk = new RequestTalk(send, signal, progressRelay(params, send));
  const asking = new ClientApproval(session.client, send, signal);
  const governed = await govern(
    kernel,
    session.handle,
    { method, signal, held: asking.held, ...userTextOf(params) },
    readTarget(params, session.catalogue),
    (target, limits, mask) => callServer(session, method, target, limits, talk, mask),
  );
  asking.over(governed);
  return callText(session, id, method, governed);
}

/** The answer as this client's revision has it. */
function callText(session: OpenSession, id: RequestId, method: string, governed: Governed): string {
  if (governed.kind !== 'result') return governedText(id, method, governed);
  return governedText(id, method, { kind: 'result', result: session.form.result(method, governed.result) });
}

function callServer(
  session: OpenSession,
  method: string,
  { upstream, params }: Target,
  limits: UpstreamLimits,
  talk: RequestTalk,
  mask: Masks,
): Promise<UpstreamReply> {
  const link = session.links.to(upstream);
  const conversation = new SessionConversation(session.client, upstream.name, talk, mask);
  const request = (more?: JsonObject): Promise<UpstreamReply> =>
    link.request(method, more === undefined ? params : { ...params, ...more }, limits, conversation);
  // A server with sessions asks while it works, or sends the client to a page; a modern one asks in its results.
  if (upstream.description?.era !== 'modern') {
    if (!session.client.opensPages) return request();
    session.hear(link, upstream);
    return request().then((reply) => conversation.relayed(reply));
  }
  const trip: RoundTrip = {
    ask: (asked, of, withdrawn) => conversation.ask(asked, of, withdrawn),
    retry: request,
  };
  return request()
    .then((first) => inRounds(first, trip))
    .then(withoutHopError);
}
