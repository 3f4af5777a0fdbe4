import { isJsonObject, type JsonObject } from '@aegis/core';
import type { AskedNow } from '../../enforce/door.ts';
import { answers } from './ask.ts';

/** What a client is asked to show, while a person is asked about one of its calls. */
export interface ApprovalRequest {
  readonly params: JsonObject;
  /** Takes what the client answered. */
  readonly answered: (result: JsonObject) => void;
}

/**
 * The page on which a person can answer, for a client that opens pages; a form, where the configuration lets
 * the client's user decide. Undefined for every other client.
 *
 * SECURITY: whoever opens the page says there who it is. A client that answers in the place of its user is
 * the agent itself: so a form is offered only where that was chosen.
 */
export function approvalRequest(declared: JsonObject, asked: AskedNow): ApprovalRequest | undefined {
  const { page, message, decide } = asked;
  if (decide !== undefined && answers(declared, METHOD, { mode: 'form' })) {
    return {
      params: { mode: 'form', message: `May this run? ${message}`, requestedSchema: SCHEMA },
      answered: ({ action, content }) => {
        if (action === 'accept' && isJsonObject(content) && content['decision'] === 'approve') decide(true);
        else if (action === 'accept' || action === 'decline') decide(false);
      },
    };
  }
  if (page === undefined || !answers(declared, METHOD, { mode: 'url' })) return undefined;
  return {
    params: { mode: 'url', message: `A person has to approve this: ${message}`, url: page },
    answered: () => {},
  };
}

const METHOD = 'elicitation/create';

const SCHEMA: JsonObject = {
  type: 'object',
  properties: {
    decision: { type: 'string', title: 'Decision', enum: ['approve', 'refuse'] },
  },
  required: ['decision'],
};
