import { type Attempt, permitted } from '../attempt.ts';
import { isHttpClient } from '../door/client.ts';
import { isStateless } from '../door/door.ts';
import { textOf } from '../door/message.ts';
import { UNANSWERED } from '../door/shot.ts';

/** What a client does to its own requests while they are under way. */
export const ownRequests: readonly Attempt[] = [
  {
    id: 'cancel/then-same-id',
    mistake: 'the answer to a cancelled request answers the next one with its id, or lends it its verdict',
    run: async ({ client, nonce, accuse, reached }) => {
      const { compose } = client;
      const id = compose.nextId();
      const shot = compose.call('slow_note', { nonce, ms: 100 }, { id });
      if (isHttpClient(client) && isStateless(client.door)) {
        const reply = client.open(shot);
        await reached(nonce);
        reply.close();
      } else {
        void client.fire({ ...shot, id: UNANSWERED });
        await reached(nonce);
        await client.fire(compose.notification('notifications/cancelled', { requestId: id }));
      }
      const outcome = await client.fire(compose.call('secret_note', { nonce }, { id }));
      await new Promise((done) => setTimeout(done, 120));
      if (client.messages.some((message) => textOf(message) === `noted ${nonce}`)) {
        accuse('the cancelled request was answered');
      }
      return [outcome];
    },
    expect: { reaches: 1, records: ['allowed', 'denied'] },
  },
  {
    id: 'cancel/of-nothing',
    mistake: 'a cancellation of what is not there ends something else',
    run: async ({ client, nonce, accuse, reached }) => {
      const { compose } = client;
      const call = client.fire(compose.call('slow_note', { nonce, ms: 100 }));
      await reached(nonce);
      for (const requestId of [0, 1, -1, null, {}, 'initialize', '__proto__']) {
        await client.fire(compose.notification('notifications/cancelled', { requestId }));
      }
      if (!(await call).messages.some((message) => textOf(message) === `noted ${nonce}`)) {
        accuse('a call was lost');
      }
      return [];
    },
    expect: permitted(1),
  },
];
