import { type Attempt, type Expectation, firing } from '../attempt.ts';
import { isHttpClient } from '../door/client.ts';
import { hasSessionHeader } from '../door/door.ts';
import { UNANSWERED } from '../door/shot.ts';

const QUESTIONS: Readonly<Record<string, string>> = {
  sampling: 'a server uses the model of whoever calls it, and reads what comes of it',
  elicitation: 'a server asks the person at the other end for a password',
  url: 'a server sends the person at the other end to a page of its choice',
  roots: 'a server asks which folders the client has',
  unknown: 'a request that the guard does not know is passed on to the client',
};

/** The call may go on, and what the server asks meanwhile may not: two decisions. */
const TWO: Partial<Expectation> = { reaches: 1, answer: 'any', records: ['allowed', 'denied'] };

/** Questions that no policy of the suite permits, in both eras' ways. */
export const serverQuestions: readonly Attempt[] = [
  ...Object.entries(QUESTIONS).map(
    ([ask, mistake]): Attempt => ({
      id: `question/${ask}-while-it-works`,
      mistake,
      run: firing((c, { nonce }) => c.call('asking_note', { nonce, ask })),
      expect: TWO,
    }),
  ),
  {
    id: 'question/to-everybody',
    mistake: 'what a server asks outside of any call reaches whoever listens',
    run: async ({ client, door, nonce }) => {
      // Over HTTP with sessions, whoever wants to hear what belongs to no request opens a stream for it.
      const listens = isHttpClient(client) && hasSessionHeader(door) && client.session !== undefined;
      const stream = listens ? client.open({ body: '', id: UNANSWERED, verb: 'GET' }) : undefined;
      await stream?.headed;
      await client.fire(client.compose.call('odd_note', { nonce, odd: 'question to everybody' }));
      await new Promise((done) => setTimeout(done, 60));
      stream?.close();
      return [];
    },
    expect: TWO,
  },
  ...Object.entries(QUESTIONS).map(
    ([ask, mistake]): Attempt => ({
      id: `question/${ask}-in-a-result`,
      mistake: `${mistake}: the question hides in a result`,
      needs: ['neighbour'],
      run: firing((c, { nonce }) => c.call('later_note', { nonce, ask })),
      expect: { records: ['allowed', 'denied'] },
    }),
  ),
  {
    id: 'question/several-in-a-result',
    mistake: 'only the first question of a result is judged',
    needs: ['neighbour'],
    run: firing((c, { nonce }) => c.call('later_note', { nonce, ask: 'several' })),
    expect: { records: ['allowed', 'denied', 'denied'] },
  },
];
