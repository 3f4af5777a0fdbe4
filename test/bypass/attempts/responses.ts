import { type Attempt, firing } from '../attempt.ts';
import { isStatelessHttp } from '../door/door.ts';
import { rewritten, UNANSWERED } from '../door/shot.ts';

/** What nobody asked for leads to nothing: it acts on nothing, and is no decision. */
export const responses: readonly Attempt[] = [
  {
    id: 'response/unasked',
    mistake: 'an answer that nobody waits for is passed on, and settles a question of another client',
    // A post without sessions can answer nothing at all, and is refused; elsewhere an answer is no request.
    run: firing((c) => [
      {
        body: '{"jsonrpc":"2.0","id":1,"result":{"role":"assistant"}}',
        id: UNANSWERED,
        mirror: { method: 'response' },
      },
      {
        body: `{"jsonrpc":"2.0","id":${JSON.stringify(c.nextId())},"error":{"code":1,"message":"no"}}`,
        id: UNANSWERED,
        mirror: { method: 'response' },
      },
    ]),
    expect: (door) => ({ records: isStatelessHttp(door) ? ['denied', 'denied'] : [] }),
  },
  {
    id: 'response/and-request',
    mistake:
      'a message that is a request and a response is a response to the guard and a request to the server',
    run: firing((c, { nonce }) =>
      rewritten(c.call('secret_note', { nonce }), (text) => text.replace(/}$/, ',"result":{}}')),
    ),
  },
  {
    id: 'response/and-failed-request',
    mistake: 'the same with an error',
    run: firing((c, { nonce }) =>
      rewritten(c.call('secret_note', { nonce }), (text) =>
        text.replace('{', '{"error":{"code":1,"message":"x"},'),
      ),
    ),
  },
];
