import { NEIGHBOUR_URI, OPEN_URI, SECRET_URI } from '../canary/world.ts';
import { isHttpClient } from '../door/client.ts';
import { hasSessionHeader, isStateless } from '../door/door.ts';
import type { Message } from '../door/message.ts';
import type { Attempt, Stage } from '../attempt.ts';
import { UNANSWERED } from '../door/shot.ts';

const mistake = 'whoever may not read a resource can follow it, and is told when it changes';

/** Whether a client was told of something that it may not read. */
function tellsOfSecrets(messages: readonly Message[]): boolean {
  return messages.some(({ method, params }) => {
    const uri = String(params?.['uri'] ?? '');
    return (
      method === 'notifications/resources/updated' &&
      (uri.startsWith(SECRET_URI) || uri.startsWith(NEIGHBOUR_URI))
    );
  });
}

const WAIT_MS = 100;

/** Makes the server tell of a change, and waits for what comes of it. */
async function touched({ client, nonce, accuse }: Stage, messages: () => readonly Message[]): Promise<void> {
  await client.fire(client.compose.call('odd_note', { nonce, odd: 'touch' }));
  await new Promise((done) => setTimeout(done, WAIT_MS));
  if (tellsOfSecrets(messages())) accuse('the client was told that a forbidden resource changed');
}

export const subscriptions: readonly Attempt[] = [
  ...(
    [
      ['forbidden', SECRET_URI],
      ['of-the-neighbour', NEIGHBOUR_URI],
      ['by-a-step-up', `${OPEN_URI}/../secret`],
    ] as const
  ).map(
    ([id, uri]): Attempt => ({
      id: `subscription/${id}`,
      mistake,
      needs: ['subscriptions', 'resources'],
      doors: (door) => !isStateless(door),
      run: async (stage) => {
        const { client } = stage;
        const from = client.messages.length;
        const outcome = await client.fire(client.compose.request('resources/subscribe', { uri }));
        await touched(stage, () => client.messages.slice(from));
        return [outcome];
      },
      expect: { reaches: 1, records: ['allowed', 'denied'] },
    }),
  ),
  {
    id: 'subscription/on-another-stream',
    mistake: 'what one client follows is told to every client of the same server',
    needs: ['session', 'resources'],
    doors: ({ carrier, revision }) => carrier === 'http' && revision !== '2026-07-28',
    run: async (stage) => {
      const { client } = stage;
      if (!isHttpClient(client)) return [];
      const stream = client.open({ body: '', id: UNANSWERED, verb: 'GET' });
      await stream.headed;
      await touched(stage, () => stream.messages);
      stream.close();
      return [];
    },
    expect: { reaches: 1, answer: 'any', records: ['allowed'] },
  },
  {
    id: 'subscription/of-another-client',
    mistake: 'what one client follows is told to every client that listens to anything',
    needs: ['session', 'subscriptions', 'other caller'],
    doors: hasSessionHeader,
    run: async (stage) => {
      const { client, another, accuse } = stage;
      const other = await another('other');
      await other.fire(other.compose.request('resources/subscribe', { uri: OPEN_URI }));
      if (!isHttpClient(client)) return [];
      const stream = client.open({ body: '', id: UNANSWERED, verb: 'GET' });
      await stream.headed;
      await touched(stage, () => stream.messages);
      const told = stream.messages.filter(({ method }) => method === 'notifications/resources/updated');
      if (told.length > 0) accuse('a client was told of what another one follows');
      stream.close();
      return [];
    },
    expect: { reaches: 2, answer: 'any', records: ['allowed', 'allowed'] },
  },
  {
    id: 'subscription/listening',
    mistake: 'a listening request names what may not be read, and is told when it changes',
    needs: ['neighbour', 'resources'],
    doors: isStateless,
    run: async (stage) => {
      const { client, accuse } = stage;
      const shot = client.compose.request('subscriptions/listen', {
        notifications: { resourceSubscriptions: [SECRET_URI, NEIGHBOUR_URI] },
      });
      const from = client.messages.length;
      const stream = isHttpClient(client) ? client.open(shot) : undefined;
      if (stream === undefined) void client.fire(shot);
      await touched(stage, () => client.messages.slice(from));
      const acknowledged = client.messages
        .slice(from)
        .find(({ method }) => method?.endsWith('/acknowledged'));
      const honoured = JSON.stringify(acknowledged?.params?.['notifications'] ?? {});
      if (honoured.includes('//')) accuse(`the gateway agreed to tell of ${honoured}`);
      if (stream === undefined) {
        const params = { requestId: shot.id };
        await client.fire(client.compose.notification('notifications/cancelled', params));
      }
      stream?.close();
      return [];
    },
    expect: { reaches: 1, answer: 'any', records: ['allowed', 'denied', 'denied'] },
  },
];
