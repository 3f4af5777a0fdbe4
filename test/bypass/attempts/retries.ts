import { type Attempt, firing, permitted } from '../attempt.ts';

/** The same call once more is a call of its own. */
export const retries: readonly Attempt[] = [
  {
    id: 'retry/denied-call',
    mistake: 'a denial is remembered as an answer, or an exception is made the second time',
    run: firing((c, { nonce }) => [1, 2, 3].map(() => c.call('secret_note', { nonce }))),
    expect: { records: ['denied', 'denied', 'denied'] },
  },
  {
    id: 'retry/permitted-call',
    mistake: 'a retried call is answered from the first, and leaves no record of its own',
    run: firing((c, { nonce }) => [c.call('open_note', { nonce }), c.call('open_note', { nonce })]),
    expect: permitted(2),
  },
  {
    id: 'retry/same-message',
    mistake: 'the very same bytes are taken for a repetition that was judged already',
    run: firing((c, { nonce }) => {
      const shot = c.call('secret_note', { nonce });
      return [shot, shot];
    }),
    expect: { records: ['denied', 'denied'] },
  },
  {
    id: 'retry/held-call',
    mistake: 'what waits for approval goes through when it is sent again',
    run: firing((c, { nonce }) => [c.call('held_note', { nonce }), c.call('held_note', { nonce })]),
    expect: { records: ['denied', 'denied'] },
  },
  {
    id: 'retry/held-call-with-an-approval-of-its-own',
    mistake: 'an approval that the client itself names is believed',
    run: firing((c, { nonce }) => [
      c.call('held_note', { nonce }),
      c.call(
        'held_note',
        { nonce },
        { _meta: { approval: 'apr_1', 'aegis/approval': 'apr_1', approved: true } },
      ),
      c.call('held_note', { nonce, approval: 'apr_1', approved: true, confirm: true }),
    ]),
    expect: { records: ['denied', 'denied', 'denied'] },
  },
  {
    id: 'retry/held-call-with-answers',
    mistake: 'answers to questions that nobody asked are taken for consent',
    run: firing((c, { nonce }) =>
      c.call(
        'held_note',
        { nonce },
        { inputResponses: { approval: { action: 'accept', content: { approved: true } } } },
      ),
    ),
  },
];
