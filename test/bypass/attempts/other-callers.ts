import { type Attempt, permitted, type Stage } from '../attempt.ts';
import { type Client, type HttpClient, isHttpClient } from '../door/client.ts';
import { hasSessionHeader, isStatelessHttp } from '../door/door.ts';
import { isSuccess, textOf } from '../door/message.ts';
import { withHeaders, UNANSWERED } from '../door/shot.ts';

/** The client of somebody else with the same rights. */
export async function somebody({ another }: Stage): Promise<HttpClient> {
  const client = await another('other');
  if (!isHttpClient(client)) throw new TypeError('a second caller is known over HTTP only');
  return client;
}

const theirs = 'a session belongs to whoever knows its id';

/** What one caller does with what is another caller's. */
export const otherCallers: readonly Attempt[] = [
  {
    id: 'other-caller/call-in-their-session',
    mistake: theirs,
    doors: hasSessionHeader,
    needs: ['other caller', 'session'],
    run: async (stage) => {
      const { client, nonce } = stage;
      const { session } = await somebody(stage);
      return [
        await client.fire(
          withHeaders(client.compose.call('open_note', { nonce }), { 'Mcp-Session-Id': session }),
        ),
      ];
    },
    expect: { records: [] },
  },
  {
    id: 'other-caller/end-their-session',
    mistake: theirs,
    doors: hasSessionHeader,
    needs: ['other caller', 'session'],
    run: async (stage) => {
      const { client, nonce, accuse } = stage;
      const other = await somebody(stage);
      const headers = { 'Mcp-Session-Id': other.session, 'Content-Type': undefined };
      const outcome = await client.fire({ body: '', id: UNANSWERED, verb: 'DELETE', headers });
      const { messages } = await other.fire(other.compose.call('open_note', { nonce }));
      if (!messages.some(isSuccess)) accuse('the session of the other caller is gone');
      return [outcome];
    },
    expect: permitted(1),
  },
  {
    id: 'other-caller/listen-to-their-session',
    mistake: theirs,
    doors: hasSessionHeader,
    needs: ['other caller', 'session'],
    run: async (stage) => {
      const { client, accuse } = stage;
      const { session } = await somebody(stage);
      if (!isHttpClient(client)) return [];
      const stream = client.open({
        body: '',
        id: UNANSWERED,
        verb: 'GET',
        headers: { 'Mcp-Session-Id': session },
      });
      await stream.headed;
      if (stream.status === 200) accuse('the event stream of another caller was opened');
      stream.close();
      return [];
    },
    expect: { records: [] },
  },
  {
    id: 'other-caller/post-to-their-stream',
    mistake: 'what is posted to the messages of a stream is taken for a message of whoever opened the stream',
    doors: ({ carrier }) => carrier === 'sse',
    needs: ['other caller'],
    run: async (stage) => {
      const { client, nonce } = stage;
      const { endpoint } = await somebody(stage);
      const shot = client.compose.call('open_note', { nonce });
      return [await postTo(client, endpoint, shot)];
    },
    expect: { records: [] },
  },
  {
    id: 'other-caller/post-to-no-stream',
    mistake: 'a message for a stream that is not there is run all the same',
    doors: ({ carrier }) => carrier === 'sse',
    run: async ({ client, nonce }) => {
      if (!isHttpClient(client)) return [];
      const { pathname } = client.endpoint;
      const targets = [pathname, `${pathname}?sessionId=none`, `${pathname}?session_id=none`];
      const outcomes = [];
      for (const target of targets) {
        outcomes.push(
          await client.fire({ ...client.compose.call('open_note', { nonce }), id: UNANSWERED, target }),
        );
      }
      return outcomes;
    },
    expect: { records: [] },
  },
  {
    id: 'other-caller/cancel-their-call',
    mistake: 'a cancellation reaches whatever request has the id, whoever sent it',
    doors: ({ carrier }) => carrier !== 'stdio',
    needs: ['other caller'],
    run: async (stage) => {
      const { client, nonce, accuse } = stage;
      const other = await somebody(stage);
      const id = 71;
      const call = other.fire(other.compose.call('slow_note', { nonce, ms: 120 }, { id }));
      await stage.reached(nonce);
      for (const requestId of [id, String(id), 0, 1, 2, 3, 4, 5]) {
        await client.fire(client.compose.notification('notifications/cancelled', { requestId }));
      }
      if (!(await call).messages.some((message) => textOf(message) === `noted ${nonce}`))
        accuse('the call of the other caller was cancelled');
      return [];
    },
    expect: permitted(1),
  },
  {
    id: 'other-caller/same-progress-token',
    mistake: 'clients number their progress tokens alike, and are told of the progress of others',
    doors: ({ carrier }) => carrier !== 'stdio',
    needs: ['other caller'],
    run: async (stage) => {
      const { client, nonce, accuse } = stage;
      const clients: readonly Client[] = [client, await somebody(stage)];
      await Promise.all(
        clients.map((one, at) =>
          one.fire(
            one.compose.call(
              'slow_note',
              { nonce: `${nonce}-${at}`, ms: 100 },
              { _meta: { progressToken: 0 } },
            ),
          ),
        ),
      );
      for (const [at, one] of clients.entries()) {
        const told = one.messages.filter(({ method }) => method === 'notifications/progress');
        if (told.some(({ params }) => params?.['progressToken'] !== 0))
          accuse('a token came back as another one');
        if (JSON.stringify(told).includes(`${nonce}-${1 - at}`))
          accuse('a client was told of the progress of another');
      }
      return [];
    },
    expect: permitted(2),
  },
  {
    id: 'other-caller/their-run',
    mistake: 'who says the name of a run is in it, with what the run may still spend and has still to answer',
    doors: isStatelessHttp,
    needs: ['other caller', 'neighbour'],
    run: async (stage) => {
      const { client, nonce } = stage;
      const other = await somebody(stage);
      const meta = { _meta: { 'aegis/run': 'shared-run' } };
      const args = { nonce, ask: 'state' };
      const { messages } = await other.fire(other.compose.call('later_note', args, meta));
      const requestState = messages.find(isSuccess)?.result?.['requestState'];
      return [
        await client.fire(
          client.compose.call('later_note', args, { ...meta, requestState: requestState ?? 'none' }),
        ),
      ];
    },
    expect: { records: ['allowed', 'denied'] },
  },
];

function postTo(
  client: Client,
  endpoint: URL,
  shot: ReturnType<Client['compose']['call']>,
): ReturnType<Client['fire']> {
  return client.fire({ ...shot, id: UNANSWERED, target: `${endpoint.pathname}${endpoint.search}` });
}
