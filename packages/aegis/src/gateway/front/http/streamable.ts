import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Batch, type Message, UNEXPECTED_BATCH } from '../../jsonrpc.ts';
import { readBody } from './body.ts';
import { decodeAny } from '../decode.ts';
import { refuseHeard, refuseUnheard } from './refusal.ts';
import { mirrorMismatch } from './mirror.ts';
import type { ModernFront } from '../modern/front.ts';
import { HttpExchange } from '../modern/http-exchange.ts';
import { isModernMessage } from '../modern/recognise.ts';
import type { Place } from './place.ts';
import { refusalText } from '../session/refusal.ts';
import { PostReply, sendJson, sendNothing } from './reply.ts';
import { getProblem, postProblem, type Refused, revisionProblem } from './request-rules.ts';
import { type HttpFrontSession, type HttpSessions, isPrimed, type Taken } from './sessions.ts';
import type { SlowReplies } from './slow-replies.ts';

const NO_SESSION_ID: Refused = { status: 400, message: 'a session id is needed' };

const NO_SESSION: Refused = { status: 404, message: 'there is no such session' };
const BUSY: Refused = { status: 503, message: 'another process works in this session' };

/** MCP over Streamable HTTP, in sessions: every message of a client is a POST. */
export class StreamableHttp {
  readonly #sessions: HttpSessions;
  readonly #slow: SlowReplies;
  readonly #maxBodyBytes: number;
  readonly #modern: ModernFront;

  constructor(sessions: HttpSessions, slow: SlowReplies, maxBodyBytes: number, modern: ModernFront) {
    this.#sessions = sessions;
    this.#modern = modern;
    this.#slow = slow;
    this.#maxBodyBytes = maxBodyBytes;
  }

  handle(request: IncomingMessage, response: ServerResponse, place: Place): void {
    const id = request.headers['mcp-session-id'];
    if (id === undefined) return this.#within(request, response, place, undefined);
    const held =
      typeof id === 'string' ? this.#sessions.find(id, place.caller, place.key, request.socket) : undefined;
    if (held !== undefined) return this.#within(request, response, place, held);
    const taking = typeof id === 'string' ? this.#sessions.take(id, place) : undefined;
    if (taking === undefined) return refuseUnheard(response, NO_SESSION);
    void this.#taken(request, response, place, taking);
  }

  /** A request of a session that another process worked in. Never rejects. */
  async #taken(
    request: IncomingMessage,
    response: ServerResponse,
    place: Place,
    taking: Promise<Taken>,
  ): Promise<void> {
    const taken = await taking.catch((): Taken => 'elsewhere');
    if (response.destroyed) return;
    if (taken === 'ended') return refuseUnheard(response, NO_SESSION);
    if (taken === 'elsewhere') return refuseUnheard(response, BUSY, { 'Retry-After': '1' });
    this.#within(request, response, place, taken);
  }

  #within(
    request: IncomingMessage,
    response: ServerResponse,
    place: Place,
    held: HttpFrontSession | undefined,
  ): void {
    if (request.method === 'POST') return this.#post(request, response, place, held);
    if (held === undefined) return this.#refuse(response, place, held, NO_SESSION_ID);
    if (request.method === 'GET') return this.#get(request, response, place, held);
    const problem = revisionProblem(request.headers, held.session.revision);
    if (problem !== undefined) return this.#refuse(response, place, held, problem);
    void this.#end(response, held);
  }

  #post(
    request: IncomingMessage,
    response: ServerResponse,
    place: Place,
    held: HttpFrontSession | undefined,
  ): void {
    const problem = revisionProblem(request.headers, held?.session.revision) ?? postProblem(request.headers);
    if (problem !== undefined) return this.#refuse(response, place, held, problem);
    readBody(request, this.#maxBodyBytes, (body) => {
      if (body === 'gone') return;
      if (body === 'too_large') {
        const message = `the body is larger than ${this.#maxBodyBytes} bytes`;
        return this.#refuse(response, place, held, { status: 413, message });
      }
      this.#take(response, place, held, decodeAny(body));
    });
  }

  #take(
    response: ServerResponse,
    place: Place,
    held: HttpFrontSession | undefined,
    message: Message | Batch,
  ): void {
    if (message.kind === 'invalid') return void answerInvalid(response, place, held, message);
    if (held === undefined && message.kind !== 'batch' && isModernMessage(message)) {
      // It names its revision, and its headers should have: what they lack is told in its own era's words.
      const exchange = new HttpExchange(response.req, response, place.caller, place.context.catalogue);
      return void this.#modern.receive(message, exchange);
    }
    const mismatch = mirrorMismatch(response.req, message);
    if (mismatch !== undefined) {
      return this.#refuse(response, place, held, { status: 400, message: mismatch });
    }
    if (held !== undefined && (message.kind !== 'batch' || held.session.revision === '2025-03-26')) {
      return void this.#answer(response, held, message);
    }
    if (message.kind === 'batch') return void answerInvalid(response, place, held, UNEXPECTED_BATCH);
    if (message.kind === 'request' && message.method === 'initialize') {
      return void this.#open(response, place, message);
    }
    this.#refuse(response, place, held, NO_SESSION_ID);
  }

  async #answer(response: ServerResponse, held: HttpFrontSession, message: Message | Batch): Promise<void> {
    const reply = new PostReply(response, held.openAnswer);
    this.#slow.add(reply);
    const text = await held.session.receive(message, (sent) => reply.notify(sent));
    this.#slow.delete(reply);
    reply.end(text);
  }

  /** A new session is kept, and its id told, when its first message has opened it. */
  async #open(response: ServerResponse, { context, caller, key }: Place, message: Message): Promise<void> {
    const held = this.#sessions.add(context, caller, key);
    if (held === undefined) return refuseFull(response);
    const { session } = held;
    const text = await session.receive(message, () => false);
    if (!session.isOpen) await this.#sessions.remove(held, 'the session was not opened');
    const told = session.isOpen ? { 'Mcp-Session-Id': this.#sessions.idOf(held) } : {};
    new PostReply(response, held.openAnswer).end(text, told);
  }

  #get(request: IncomingMessage, response: ServerResponse, place: Place, held: HttpFrontSession): void {
    const { session, streams } = held;
    const problem = revisionProblem(request.headers, session.revision) ?? getProblem(request.headers);
    if (problem !== undefined) return this.#refuse(response, place, held, problem);
    const last = request.headers['last-event-id'];
    if (last === undefined) return streams.add(response, isPrimed(session));
    if (typeof last === 'string' && streams.resume(response, last)) return;
    this.#refuse(response, place, held, { status: 400, message: 'there is no such event to go on from' });
  }

  async #end(response: ServerResponse, held: HttpFrontSession): Promise<void> {
    await this.#sessions.remove(held, 'the client ended the session');
    sendNothing(response, 204);
  }

  #refuse(
    response: ServerResponse,
    { context, caller }: Place,
    held: HttpFrontSession | undefined,
    refused: Refused,
  ): void {
    void refuseHeard(response, context.kernel, held?.session.handle ?? caller, refused);
  }
}

export function refuseFull(response: ServerResponse): void {
  const refused = { status: 503, message: 'too many sessions are open' };
  refuseUnheard(response, refused, { 'Retry-After': '60' });
}

/** A message that is none: one record, and the error with status 400. */
export async function answerInvalid(
  response: ServerResponse,
  { context, caller }: Place,
  held: HttpFrontSession | undefined,
  message: Extract<Message, { kind: 'invalid' }>,
): Promise<void> {
  sendJson(response, 400, await refusalText(context.kernel, held?.session.handle ?? caller, message));
}
