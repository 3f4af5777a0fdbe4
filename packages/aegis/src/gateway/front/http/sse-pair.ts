import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Batch, Message } from '../../jsonrpc.ts';
import { readBody } from './body.ts';
import { decodeAny } from '../decode.ts';
import { EventStream } from './event-stream.ts';
import { refuseHeard, refuseUnheard } from './refusal.ts';
import type { KeepAlive } from './keep-alive.ts';
import type { Place } from './place.ts';
import { sendNothing } from './reply.ts';
import { bodyProblem, getProblem, revisionProblem } from './request-rules.ts';
import type { HttpFrontSession, HttpSessions } from './sessions.ts';
import { answerInvalid, refuseFull } from './streamable.ts';

const SESSION = 'sessionId';

/**
 * The transport of MCP 2024-11-05: a stream of events with everything that the client is told, and a place
 * to post everything that it says. The stream is the session: both end together.
 */
export class SsePair {
  readonly #sessions: HttpSessions;
  readonly #keepAlive: KeepAlive;
  readonly #maxBodyBytes: number;

  constructor(sessions: HttpSessions, keepAlive: KeepAlive, maxBodyBytes: number) {
    this.#sessions = sessions;
    this.#keepAlive = keepAlive;
    this.#maxBodyBytes = maxBodyBytes;
  }

  handle(request: IncomingMessage, response: ServerResponse, place: Place): void {
    if (place.endpoint.kind === 'sse') this.#open(request, response, place);
    else this.#post(request, response, place);
  }

  #open(request: IncomingMessage, response: ServerResponse, place: Place): void {
    const { context, caller, key, endpoint } = place;
    const problem = getProblem(request.headers);
    if (problem !== undefined) return void refuseHeard(response, context.kernel, caller, problem);
    const held = this.#sessions.add(context, caller, key);
    if (held === undefined) return refuseFull(response);
    const stream = new EventStream();
    stream.open(response);
    response.write(
      `event: endpoint\ndata: ${endpoint.prefix}/messages?${SESSION}=${this.#sessions.idOf(held)}\n\n`,
    );
    held.streams.keep(stream);
    this.#keepAlive.add(response);
    response.once('close', () => void this.#sessions.remove(held, 'the client closed its stream'));
  }

  #post(request: IncomingMessage, response: ServerResponse, place: Place): void {
    const { headers, url = '' } = request;
    // SECURITY: the id only says which session is meant; who may use it, the credentials say.
    const [id = '', another] = new URLSearchParams(url.split('?', 2)[1]).getAll(SESSION);
    const held = another === undefined ? this.#sessions.find(id, place.caller, place.key) : undefined;
    if (held === undefined) {
      return refuseUnheard(response, { status: 404, message: 'there is no such session' });
    }
    const { kernel } = place.context;
    const session = held.session.handle ?? place.caller;
    const problem = revisionProblem(headers, held.session.revision) ?? bodyProblem(headers);
    if (problem !== undefined) return void refuseHeard(response, kernel, session, problem);
    readBody(request, this.#maxBodyBytes, (body) => {
      if (body === 'gone') return;
      if (body === 'too_large') {
        const message = `the body is larger than ${this.#maxBodyBytes} bytes`;
        return void refuseHeard(response, kernel, session, { status: 413, message });
      }
      const message = decodeAny(body);
      if (message.kind === 'invalid') return void answerInvalid(response, place, held, message);
      sendNothing(response, 202);
      void answer(held, message);
    });
  }
}

async function answer({ session, streams }: HttpFrontSession, message: Message | Batch): Promise<void> {
  const text = await session.receive(message, streams.send);
  if (text !== undefined) streams.send(text);
}
