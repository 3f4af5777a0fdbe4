import type { JsonObject, ReasonCode } from '@aegis/core';
import type { UpstreamReply } from '../../../ports.ts';
import { METHOD_NOT_FOUND } from '../../jsonrpc.ts';
import type { Conversation, Progress } from '../../upstream/server.ts';
import { answers, askable, governAsk } from '../ask.ts';
import type { Send } from '../channel.ts';
import { MAX_CLIENT_REQUESTS } from './client-requests.ts';
import type { ClientSide } from './client-side.ts';
import { logMessageText } from '../log-message.ts';
import type { ProgressRelay } from '../progress.ts';

/** Log messages of one request; one that logs more is not listened to any more. */
const MAX_LOG_MESSAGES = 1_000;

/** Questions within one request that are judged; a server that asks more is refused without a record. */
const MAX_QUESTIONS = 256;

/** What has been said within one request of the client, whichever servers work on it. */
export class RequestTalk {
  readonly send: Send;
  readonly signal: AbortSignal;
  readonly progress: ProgressRelay | undefined;
  logsLeft = MAX_LOG_MESSAGES;
  questionsLeft = MAX_QUESTIONS;

  constructor(send: Send, signal: AbortSignal, progress: ProgressRelay | undefined) {
    this.send = send;
    this.signal = signal;
    this.progress = progress;
  }
}

/** What one server may tell and ask a client with sessions while it works on a request of it. */
export class SessionConversation implements Conversation {
  /** Only where the client asked for it: the server is told whether somebody listens. */
  readonly progress?: (report: Progress) => void;
  readonly #client: ClientSide;
  readonly #server: string;
  readonly #talk: RequestTalk;
  readonly #mask: readonly string[];

  constructor(client: ClientSide, server: string, talk: RequestTalk, mask: readonly string[]) {
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
    const { send, signal: given } = this.#talk;
    const signal = withdrawn === undefined ? given : AbortSignal.any([given, withdrawn]);
    const asked = plain(params);
    if (this.#client.asking >= MAX_CLIENT_REQUESTS) return this.#refuse(method, 'RATE_LIMITED', TOO_MANY);
    this.#client.asking++;
    try {
      return await this.#judge(method, asked, signal, () => requests.ask(method, asked, send, signal));
    } finally {
      this.#client.asking--;
    }
  }

  /** Judges a page that the answer itself sends the user to. An error when it may not be shown. */
  showPage(page: JsonObject): Promise<UpstreamReply> {
    return this.#judge('elicitation/create', page, this.#talk.signal, () => Promise.resolve(SHOWN));
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
  if (typeof meta !== 'object' || meta === null) return rest;
  const { progressToken: __, ...kept } = meta as JsonObject;
  return Object.keys(kept).length === 0 ? rest : { ...rest, _meta: kept };
}
