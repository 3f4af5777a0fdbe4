import { type Attempt, firing, permitted } from '../attempt.ts';
import { isSuccess, type Message, textOf } from '../door/message.ts';
import { rewritten } from '../door/shot.ts';

const SLOW = 60;

function answersOf(messages: readonly Message[], id: unknown): readonly string[] {
  return messages.filter((message) => message.id === id && message.method === undefined).map(textOf);
}

const BAD_IDS: readonly (readonly [id: string, text: string])[] = [
  ['null', 'null'],
  ['fraction', '1.5'],
  ['object', '{"a":1}'],
  ['list', '[1]'],
  ['truth', 'true'],
  ['beyond-all-doubles', '1e400'],
  ['beyond-exact', '9007199254740993'],
  ['long', JSON.stringify('x'.repeat(100_000))],
];

export const requestIds: readonly Attempt[] = [
  ...BAD_IDS.map(
    ([id, text]): Attempt => ({
      id: `id/${id}`,
      mistake:
        'an id that cannot be an id makes the message something else than a request, which is passed on',
      run: firing((c, { nonce }) => ({
        ...rewritten(c.call('secret_note', { nonce }), (body) =>
          body.replace(/"id":"[^"]*"/, `"id":${text}`),
        ),
        id: null,
      })),
    }),
  ),
  {
    id: 'id/in-use',
    mistake:
      'verdicts are kept by id: a second request with the id of a permitted one takes over its verdict',
    run: async ({ client, nonce, accuse, reached }) => {
      const { compose } = client;
      const id = compose.nextId();
      const first = client.fire(compose.call('slow_note', { nonce, ms: SLOW }, { id }));
      await reached(nonce);
      const second = await client.fire(compose.call('secret_note', { nonce }, { id }));
      if (
        !(await first).messages.some((message) => isSuccess(message) && textOf(message) === `noted ${nonce}`)
      ) {
        accuse('the first request has lost its answer');
      }
      return [second];
    },
    expect: { reaches: 1, records: ['allowed', 'denied'] },
  },
  {
    id: 'id/used-again',
    mistake: 'a verdict outlives its request, and the next one with the same id is let through by it',
    run: firing((c, { nonce }) => {
      const id = c.nextId();
      return [c.call('open_note', { nonce }, { id }), c.call('secret_note', { nonce }, { id })];
    }),
    expect: { reaches: 1, answer: 'any', records: ['allowed', 'denied'] },
  },
  {
    id: 'id/number-and-text',
    mistake: '`1` and `"1"` are taken for the same id, and one request gets the answer of the other',
    run: async ({ client, nonce, accuse }) => {
      const { compose } = client;
      const number = 700_001;
      const [of, ofText] = await Promise.all([
        client.fire(compose.call('slow_note', { nonce: `${nonce}-number`, ms: SLOW }, { id: number })),
        client.fire(compose.call('slow_note', { nonce: `${nonce}-text`, ms: SLOW }, { id: String(number) })),
      ]);
      if (answersOf(of.messages, number).join() !== `noted ${nonce}-number`)
        accuse('the number got no answer of its own');
      if (answersOf(ofText.messages, String(number)).join() !== `noted ${nonce}-text`)
        accuse('the text got no answer of its own');
      return [];
    },
    expect: permitted(2),
  },
  {
    id: 'id/of-two-clients',
    mistake:
      'requests of two clients with the same id are mixed up on the line to the server that they share',
    doors: ({ carrier }) => carrier !== 'stdio',
    run: async ({ client, another, nonce, accuse }) => {
      const other = await another();
      const id = 1;
      const outcomes = await Promise.all(
        [client, other].map((one, at) =>
          one.fire(one.compose.call('slow_note', { nonce: `${nonce}-${at}`, ms: SLOW }, { id })),
        ),
      );
      for (const [at, { messages }] of outcomes.entries()) {
        if (answersOf(messages, id).join() !== `noted ${nonce}-${at}`)
          accuse(`client ${at} got no answer of its own`);
      }
      return [];
    },
    expect: permitted(2),
  },
];
