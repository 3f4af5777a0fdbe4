import type { HttpClient } from './client.ts';
import type { Composer } from './compose.ts';
import type { Door } from './door.ts';
import type { HttpPlace } from './http-client.ts';
import { Inbox } from './inbox.ts';
import { isSuccess, type Message, type Outcome } from './message.ts';
import { HttpReply } from './reply.ts';
import { requestBytes } from './request-bytes.ts';
import { type Shot, UNANSWERED } from './shot.ts';

/** A client of the two endpoints of 2024-11-05: messages go to one, and everything comes on the other. */
export class SseClient implements HttpClient {
  readonly door: Door;
  readonly compose: Composer;
  readonly #place: HttpPlace;
  readonly #inbox = new Inbox();
  #replies: HttpReply[] = [];
  #forgotten = 0;
  readonly #stream: HttpReply;
  endpoint: URL;
  session: string | undefined;

  constructor(door: Door, compose: Composer, place: HttpPlace) {
    this.door = door;
    this.compose = compose;
    this.#place = place;
    this.endpoint = place.url;
    this.#stream = this.#send({ body: '', id: UNANSWERED, verb: 'GET' }, (message) =>
      this.#inbox.receive(message),
    );
  }

  get messages(): readonly Message[] {
    return this.#inbox.messages;
  }

  get heard(): string {
    return this.#stream.raw.slice(this.#forgotten) + this.#replies.map(({ raw }) => raw).join('\n');
  }

  /** Opens the stream and initializes; false when this door is not offered. */
  async connect(): Promise<boolean> {
    await this.#stream.headed;
    for (const end = Date.now() + this.#place.silenceMs; Date.now() < end && this.#stream.status === 200; ) {
      const told = this.#stream.events.find(({ type }) => type === 'endpoint');
      if (told !== undefined) {
        this.endpoint = new URL(told.data, this.#place.url);
        this.session = told.data;
        const { messages } = await this.fire(this.compose.initialize());
        if (messages.find(isSuccess)?.result?.['protocolVersion'] !== this.door.revision) return false;
        await this.fire(this.compose.notification('notifications/initialized'));
        return true;
      }
      await new Promise((done) => setTimeout(done, 5));
    }
    return false;
  }

  async fire(shot: Shot): Promise<Outcome> {
    const { id } = shot;
    const answered = id === UNANSWERED ? undefined : this.#inbox.answerTo(id, this.#place.silenceMs);
    const reply = this.#send(shot);
    await reply.within(this.#place.silenceMs);
    reply.close();
    const { status = 0 } = reply;
    if (answered === undefined || status < 200 || status >= 300) return reply.outcome;
    const outcome = await answered;
    return { ...reply.outcome, messages: outcome.messages, text: reply.raw + outcome.text };
  }

  open(shot: Shot): HttpReply {
    return this.#send(shot);
  }

  forget(): void {
    for (const reply of this.#replies) if (reply !== this.#stream) reply.close();
    this.#replies = [];
    this.#inbox.forget();
    this.#forgotten = this.#stream.raw.length;
  }

  close(): Promise<void> {
    this.forget();
    this.#stream.close();
    return Promise.resolve();
  }

  #send(shot: Shot, heard?: (message: Message) => void): HttpReply {
    const bytes = requestBytes(shot, {
      door: this.door,
      url: this.endpoint,
      token: this.#place.token,
      session: undefined,
    });
    const reply = new HttpReply({ url: this.endpoint, silenceMs: this.#place.silenceMs }, bytes, heard);
    this.#replies.push(reply);
    return reply;
  }
}
