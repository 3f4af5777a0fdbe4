import { type Attempt, firing, permitted } from '../attempt.ts';
import { isSuccess, textOf } from '../door/message.ts';

/** What a server says that is not the answer to the call. */
function odd(id: string, mistake: string, how: string): Attempt {
  return {
    id: `server/${id}`,
    mistake,
    run: firing((c, { nonce }) => c.call('odd_note', { nonce, odd: how })),
    expect: permitted(1),
  };
}

/** Hostile answers to permitted calls. */
export const serverAnswers: readonly Attempt[] = [
  odd(
    'credential-in-an-error',
    'an error text carries the credentials that the gateway holds',
    'credential error',
  ),
  odd(
    'credential-in-a-result',
    'a server says what it was given, and the client reads it',
    'credential result',
  ),
  odd('page-to-open', 'an error sends the person at the other end to a page that nobody has judged', 'page'),
  odd('second-answer', 'a second answer to a request reaches somebody', 'two answers'),
  odd('answers-of-others', 'a server answers the requests of other clients', 'answers of others'),
  odd(
    'progress-of-others',
    'a server tells of progress under the tokens of other clients',
    'progress of others',
  ),
  {
    id: 'server/answers-of-others-meanwhile',
    mistake: 'a server answers the requests of other clients, which wait on the same line',
    run: async ({ client, nonce, accuse, reached }) => {
      const { compose } = client;
      const waiting = client.fire(compose.call('slow_note', { nonce, ms: 80 }));
      await reached(nonce);
      await client.fire(compose.call('odd_note', { nonce: `${nonce}-odd`, odd: 'answers of others' }));
      const { messages } = await waiting;
      if (!messages.some((message) => isSuccess(message) && textOf(message) === `noted ${nonce}`)) {
        accuse('the waiting call did not get its own answer');
      }
      return [];
    },
    expect: permitted(2),
  },
  {
    id: 'server/unknown-kind-of-result',
    mistake: 'a result of a kind that nobody knows is taken for a complete one',
    needs: ['neighbour'],
    run: firing((c, { nonce }) => c.call('later_note', { nonce, ask: 'type' })),
    expect: { records: ['allowed'] },
  },
];
