import { EventReader, type StreamEvent } from './event-stream.ts';
import { HttpConnection, type ResponseHead } from './http-connection.ts';
import { type Message, type Outcome, readMessages } from './message.ts';

export interface ReplyPlace {
  readonly url: URL;
  /** How long a head is waited for before silence counts as one. */
  readonly silenceMs: number;
}

/** What comes back for one HTTP request, while it comes. */
export class HttpReply {
  readonly #connection: HttpConnection;
  readonly #reader = new EventReader();
  readonly #headed = Promise.withResolvers<void>();
  readonly #finished = Promise.withResolvers<void>();
  readonly #heard: ((message: Message) => void) | undefined;
  readonly messages: Message[] = [];
  readonly events: StreamEvent[] = [];
  #head: ResponseHead | undefined;
  #body = '';

  constructor({ url, silenceMs }: ReplyPlace, bytes: Buffer, heard?: (message: Message) => void) {
    setTimeout(() => this.#headed.resolve(), silenceMs).unref();
    this.#heard = heard;
    this.#connection = new HttpConnection(url, {
      head: (head) => {
        this.#head = head;
        this.#headed.resolve();
      },
      piece: (text) => this.#take(text),
      end: () => this.#end(),
    });
    this.#connection.write(bytes);
  }

  get status(): number | undefined {
    return this.#head?.status;
  }

  /** Everything that came on the connection. */
  get raw(): string {
    return this.#connection.raw;
  }

  /** Fulfilled when the head is there, or will never be, or has been waited for long enough. */
  get headed(): Promise<void> {
    return this.#headed.promise;
  }

  /** Fulfilled when all of it is there. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  get outcome(): Outcome {
    const head = this.#head;
    return {
      ...(head === undefined ? {} : { status: head.status, headers: head.headers }),
      messages: [...this.messages],
      text: this.raw,
    };
  }

  /** Whether it ends within so many milliseconds; a reply that does not is left as it is. */
  async within(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((done) => (timer = setTimeout(() => done(false), ms)));
    const ended = await Promise.race([this.finished.then(() => true as const), late]);
    clearTimeout(timer);
    return ended;
  }

  close(): void {
    this.#connection.close();
  }

  get #isStream(): boolean {
    return this.#head?.headers['content-type']?.startsWith('text/event-stream') === true;
  }

  #take(text: string): void {
    this.#body += text;
    if (!this.#isStream) return;
    for (const event of this.#reader.take(text)) {
      this.events.push(event);
      if (event.type === 'message') this.#receive(event.data);
    }
  }

  #end(): void {
    if (!this.#isStream) this.#receive(this.#body);
    this.#headed.resolve();
    this.#finished.resolve();
  }

  #receive(text: string): void {
    for (const message of readMessages(text)) {
      this.messages.push(message);
      this.#heard?.(message);
    }
  }
}
