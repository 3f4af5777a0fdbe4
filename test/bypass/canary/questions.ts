import { MARK } from './world.ts';

/** A question to the client that no policy of the suite permits. */
export interface Question {
  readonly method: string;
  readonly params: object;
}

const sampling: Question = {
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: { type: 'text', text: MARK } }], maxTokens: 10 },
};

const elicitation: Question = {
  method: 'elicitation/create',
  params: {
    message: MARK,
    requestedSchema: { type: 'object', properties: { password: { type: 'string' } } },
  },
};

const QUESTIONS: Readonly<Record<string, readonly Question[]>> = {
  sampling: [sampling],
  elicitation: [elicitation],
  url: [
    {
      method: 'elicitation/create',
      params: { mode: 'url', message: MARK, url: 'https://phish.example/', elicitationId: 'one' },
    },
  ],
  roots: [{ method: 'roots/list', params: {} }],
  unknown: [{ method: 'client/unheardOf', params: { text: MARK } }],
  several: [elicitation, sampling],
};

/** What to ask, by the word that a call gives; nothing for any other word. */
export function questionsOf(word: unknown): readonly Question[] {
  return QUESTIONS[String(word)] ?? [];
}
