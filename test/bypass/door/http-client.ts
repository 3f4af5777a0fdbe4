import type { HttpClient } from './client.ts';
import type { Composer } from './compose.ts';
import { type Door, isStateless } from './door.ts';
import { isSuccess, type Message, type Outcome } from './message.ts';
import { HttpReply } from './reply.ts';
import { requestBytes } from './request-bytes.ts';
import { type Shot, UNANSWERED } from './shot.ts';

export interface HttpPlace {
  readonly url: URL;
  readonly token: string | undefined;
  /** How long an answer is waited for before silence counts as one. */
  readonly silenceMs: number;
}

/** A client of the one endpoint of Streamable HTTP, in a session or without. */
export class StreamableClient implements HttpClient {
  readonly door: Door;
  readonly compose: Composer;
  readonly endpoint: URL;
  #messages: Message[] = [];
  readonly #token: string | undefined;
  readonly #silenceMs: number;
  #replies: HttpReply[] = [];
  session: string | undefined;

  constructor(door: Door, compose: Composer, { url, token, silenceMs }: HttpPlace) {
    this.door = door;
    this.compose = compose;
    this.endpoint = url;
    this.#token = token;
    this.#silenceMs = silenceMs;
  }

  get messages(): readonly Message[] {
    return this.#messages;
  }

  get heard(): string {
    return this.#replies.map(({ raw }) => raw).join('\n');
  }

  /** Opens a session, or finds out that there are none; false when this door is not offered. */
  async connect(): Promise<boolean> {
    if (isStateless(this.door)) {
      const { messages } = await this.fire(this.compose.request('server/discover'));
      return messages.some(isSuccess);
    }
    const { messages, headers } = await this.fire(this.compose.initialize());
    const agreed = messages.find(isSuccess)?.result?.['protocolVersion'];
    if (agreed !== this.door.revision) return false;
    this.session = headers?.['mcp-session-id'];
    await this.fire(this.compose.notification('notifications/initialized'));
    return true;
  }

  async fire(shot: Shot): Promise<Outcome> {
    const reply = this.#send(shot);
    if (!(await reply.within(this.#silenceMs))) reply.close();
    if (shot.trailing !== undefined) await quiet(reply);
    reply.close();
    return reply.outcome;
  }

  open(shot: Shot): HttpReply {
    return this.#send(shot);
  }

  forget(): void {
    for (const reply of this.#replies) reply.close();
    this.#replies = [];
    this.#messages = [];
  }

  async close(): Promise<void> {
    this.forget();
    if (this.session === undefined) return;
    await this.fire({ body: '', id: UNANSWERED, verb: 'DELETE', headers: { 'Content-Type': undefined } });
  }

  #send(shot: Shot): HttpReply {
    const bytes = requestBytes(shot, {
      door: this.door,
      url: this.endpoint,
      token: this.#token,
      session: this.session,
    });
    const reply = new HttpReply(
      { url: this.endpoint, silenceMs: this.#silenceMs },
      bytes,
      (message) => void this.#messages.push(message),
    );
    this.#replies.push(reply);
    return reply;
  }
}

/** What came after the first response on the same connection is there when nothing has come for a while. */
async function quiet(reply: HttpReply): Promise<void> {
  for (let before = -1; before !== reply.raw.length; ) {
    before = reply.raw.length;
    await new Promise((done) => setTimeout(done, 60));
  }
}
