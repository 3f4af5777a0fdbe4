import type { JsonObject } from '@aegis/core';
import type { AskedNow, WhileHeld } from '../../../enforce/door.ts';
import { notificationText } from '../../jsonrpc.ts';
import { type ApprovalRequest, approvalRequest } from '../approval-request.ts';
import type { Send } from '../channel.ts';
import type { Governed } from '../govern.ts';
import type { ClientSide } from './client-side.ts';

/** Asks a client with sessions to show where a person can answer, while its call is held. */
export class ClientApproval {
  readonly held: WhileHeld;
  readonly #client: ClientSide;
  readonly #send: Send;
  readonly #signal: AbortSignal;
  /** Made when something is shown: most calls are not held. */
  #over: AbortController | undefined;
  readonly #pages: string[] = [];

  constructor(client: ClientSide, send: Send, signal: AbortSignal) {
    this.#client = client;
    this.#send = send;
    this.#signal = signal;
    this.held = { tell: (asked) => this.#tell(asked) };
  }

  /** The call is answered: the client need show nothing any more. */
  over(governed: Governed): void {
    this.#over?.abort();
    if (governed.kind === 'denied' && governed.denial.approval !== undefined) return;
    for (const elicitationId of this.#pages) {
      this.#send(notificationText('notifications/elicitation/complete', { elicitationId }));
    }
  }

  #tell(asked: AskedNow): void {
    const request = approvalRequest(this.#client.declared, asked);
    if (request === undefined) return;
    const isPage = request.params['mode'] === 'url';
    if (isPage) this.#pages.push(asked.id);
    const params: JsonObject = isPage ? { ...request.params, elicitationId: asked.id } : request.params;
    this.#over ??= new AbortController();
    const signal = AbortSignal.any([this.#signal, this.#over.signal]);
    // A client that does not answer leaves it to the other doors.
    this.#show(request, params, signal).catch(() => {});
  }

  async #show(request: ApprovalRequest, params: JsonObject, signal: AbortSignal): Promise<void> {
    const reply = await this.#client.requests.ask('elicitation/create', params, this.#send, signal);
    if (reply.kind === 'result') request.answered(reply.result);
  }
}
