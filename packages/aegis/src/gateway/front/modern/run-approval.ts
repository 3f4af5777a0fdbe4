import { isJsonObject, type JsonObject } from '@aegis/core';
import type { AskedNow, WhileHeld } from '../../../enforce/door.ts';
import { type ApprovalRequest, approvalRequest } from '../approval-request.ts';
import type { Governed } from '../govern.ts';

/** The key of our own question, beside which a server has no other. */
const KEY = 'approval';

/**
 * Asks a client without sessions to show where a person can answer: in the result of the call, which does not
 * wait then. The client comes back with the same call, and that one waits.
 */
export class RunApproval {
  readonly held: WhileHeld;
  #request: ApprovalRequest | undefined;

  /** `declared` is undefined for a client that comes back, with `responses` to what it was asked. */
  constructor(declared: JsonObject | undefined, may: boolean, responses: JsonObject = {}) {
    const able = may && declared !== undefined && isJsonObject(declared['elicitation']);
    this.held = {
      tell: (asked) => {
        if (able) this.#request = approvalRequest(declared, asked);
        else answer(asked, responses);
      },
      ...(able ? { mayWait: (asked) => approvalRequest(declared, asked) === undefined } : {}),
    };
  }

  /** What the client is to show before it comes back; undefined when its call is answered. */
  requests(governed: Governed): JsonObject | undefined {
    const pending = governed.kind === 'denied' && governed.denial.approval !== undefined;
    if (!pending || this.#request === undefined) return undefined;
    return { [KEY]: { method: 'elicitation/create', params: this.#request.params } };
  }
}

/** What a client brought back, where the word of its user counts. */
function answer(asked: AskedNow, responses: JsonObject): void {
  const response = Object.hasOwn(responses, KEY) ? responses[KEY] : undefined;
  if (isJsonObject(response)) approvalRequest(FORM, asked)?.answered(response);
}

/** A client that was shown a form comes back with its answer. */
const FORM: JsonObject = { elicitation: { form: {} } };
