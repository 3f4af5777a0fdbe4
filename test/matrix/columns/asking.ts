import type { ClientRequest } from '../person.ts';
import type { Question } from '../question.ts';

/** A question to the everything server that makes it ask the client. */
export interface AskingQuestion {
  readonly name: string;
  readonly asks: ClientRequest;
  readonly question: Question;
}

export const ASKING_QUESTIONS: readonly AskingQuestion[] = [
  {
    name: 'a call that samples',
    asks: 'sampling/createMessage',
    question: {
      method: 'tools/call',
      name: 'trigger-sampling-request',
      arguments: { prompt: 'say "ü 😀"', maxTokens: 7 },
    },
  },
  {
    name: 'a call that elicits',
    asks: 'elicitation/create',
    question: { method: 'tools/call', name: 'trigger-elicitation-request', arguments: {} },
  },
  {
    name: 'a call that wants the roots',
    asks: 'roots/list',
    question: { method: 'tools/call', name: 'get-roots-list', arguments: {} },
  },
];
