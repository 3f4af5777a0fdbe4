import { isJsonObject, type JsonObject, type Masks, type ReasonCode } from '@aegis/core';
import type { UpstreamReply } from '../../../ports.ts';
import { METHOD_NOT_FOUND } from '../../jsonrpc.ts';
import type { Conversation, Progress } from '../../upstream/server.ts';
import { answers, askable, governAsk } from '../ask.ts';
import type { Send } from '../channel.ts';
import { MAX_CLIENT_REQUESTS } from './client-requests.ts';
import type { ClientSide } from './client-side.ts';
import { logMessageText } from '../log-message.ts';
import { judgedPages, pagesIn } from './pages.ts';
import type { ProgressRelay } from '../progress.ts';
import { withRelatedTask } from './tasks/related-task.ts';

/** Log messages of one request; one that logs more is not listened to any more. */
const MAX_LOG_MESSAGES = 1_000;

/** Questions within one request that are judged; a server that asks more is refused without a record. */
const MAX_QUESTIONS = 256;

/** What has been said within one request of the client, whichever servers work on it. */
export class RequestTalk {
  readonly send: Send;
  readonly signal: AbortSignal;
  readonly progress: ProgressRelay | undefined;
  /** The task that it belongs to, as the client and as the server call it. */
  readonly task: { readonly client: string; readonly server: string } | undefined;
  logsLeft = MAX_LOG_MESSAGES;
  questionsLeft = MAX_QUESTIONS;

  constructor(
    send: Send,
    signal: AbortSignal,
    progress: ProgressRelay | undefined,
    task?: RequestTalk['task'],
  ) {
    this.send = send;
    this.signal = signal;
    this.progress = progress;
    this.task = task;
  }
}

/** What one server may tell and ask a client with sessions while it works on a request of it. */
export class SessionConversation implements Conversation {
  /** Only where the client asked for it: the server is told whether somebody listens. */
  readonly progress?: (report: Progress) => void;
  readonly #client: ClientSide;
  readonly #server: string;
  readonly #talk: RequestTalk;
  readonly #mask: Masks;

  constructor(client: ClientSide, server: string, talk: RequestTalk, mask: Masks) {
    this.#client = client;
    this.#server = server;
    this.#talk = talk;
    this.#mask = mask;
    const { progress } = talk;
    if (progress === undefined) return;
    this.progress = ({ message, ...report }) => {
      const words = message === undefined || !client.knowsProgressMessages ? {} : { message };
      progress({ ...report, ...words }, mask);
    };
  }

  // Read where it is needed: most servers are never told.
  get capabilities(): JsonObject {
    const { kernel, handle, declared } = this.#client;
    return askable(kernel, handle, this.#server, declared);
  }

  get logLevel(): string {
    return this.#client.logLevel;
  }

  log(params: JsonObject): void {
    const { stray, logLevel } = this.#client;
    const message = logMessageText(params, logLevel, this.#mask);
    if (message === 'unwanted') return;
    if (message === 'unfit' || this.#talk.logsLeft === 0 || !this.#talk.send(message.text)) stray.dropped++;
    else this.#talk.logsLeft--;
  }

  /** Given up when `withdrawn` is raised, or when the client gives up its own request. */
  async ask(method: string, params: JsonObject, withdrawn?: AbortSignal): Promise<UpstreamReply> {
    const { requests } = this.#client;
    const { send, signal: given, task } = this.#talk;
    const signal = withdrawn === undefined ? given : AbortSignal.any([given, withdrawn]);
    const asked = withRelatedTask(plain(params), task?.client);
    if (this.#client.asking >= MAX_CLIENT_REQUESTS) return this.#refuse(method, 'RATE_LIMITED', TOO_MANY);
    this.#client.asking++;
    try {
      const reply = await this.#judge(method, asked, signal, () => {
        this.#showing(asked);
        return requests.ask(method, asked, send, signal);
      });
      return task === undefined || reply.kind === 'error'
        ? reply
        : { ...reply, result: withRelatedTask(reply.result, task.server) };
    } finally {
      this.#client.asking--;
    }
  }

  /** A reply of the server as the client may be told of it: the pages that it sends the user to are judged. */
  async relayed(reply: UpstreamReply): Promise<UpstreamReply> {
    if (!this.#client.opensPages) return reply;
    const relayed = await judgedPages(reply, (page) =>
      this.#judge('elicitation/create', page, this.#talk.signal, () => Promise.resolve(SHOWN)),
    );
    for (const page of pagesIn(relayed)) this.#showing(page);
    return relayed;
  }

  /** That a page is done with is told to the client that it was shown to. */
  #showing({ mode, elicitationId }: JsonObject): void {
    if (mode === 'url' && typeof elicitationId === 'string') {
      this.#client.pages.add(this.#server, elicitationId);
    }
  }

  async #judge(
    method: string,
    params: JsonObject,
    signal: AbortSignal,
    forward: () => Promise<UpstreamReply>,
  ): Promise<UpstreamReply> {
    const { kernel, handle, declared } = this.#client;
    if (signal.aborted) return REFUSED;
    if (!answers(declared, method, params)) return this.#refuse(method, 'PROTOCOL_VIOLATION', NOT_OFFERED);
    if (!this.#admit()) return REFUSED;
    return governAsk(kernel, handle, this.#server, { method, params, signal }, forward);
  }

  async #refuse(method: string, code: ReasonCode, message: string): Promise<UpstreamReply> {
    const { kernel, handle } = this.#client;
    if (this.#admit()) await kernel.refuse(handle, method, code, message);
    return REFUSED;
  }

  /** A server that asks and asks must not be able to fill the ledger. */
  #admit(): boolean {
    if (this.#talk.questionsLeft === 0) {
      this.#client.stray.questions++;
      return false;
    }
    this.#talk.questionsLeft--;
    return true;
  }
}

const NOT_OFFERED = 'a server asked what this client does not offer';
const TOO_MANY = 'servers ask this client too much at the same time';

const SHOWN: UpstreamReply = { kind: 'result', result: { shown: true }, bytes: 0 };

const REFUSED: UpstreamReply = {
  kind: 'error',
  code: METHOD_NOT_FOUND,
  message: 'this client cannot be asked that',
};

/** Without what would change how the client answers: it is to answer once, to the request itself. */
function plain(params: JsonObject): JsonObject {
  const { _meta: meta, task: _, ...rest } = params;
  if (!isJsonObject(meta)) return rest;
  const { progressToken: __, ...kept } = meta;
  return { ...rest, _meta: kept };
}
