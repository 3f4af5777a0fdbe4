import { type Attempt, firing } from '../attempt.ts';
import { isHttpClient } from '../door/client.ts';
import { hasSessionHeader, isStateless } from '../door/door.ts';
import { withHeaders, UNANSWERED } from '../door/shot.ts';

export const lifecycle: readonly Attempt[] = [
  {
    id: 'lifecycle/initialize-again',
    harmless: true,
    mistake: 'a second opening changes who the session belongs to, or what it may do',
    doors: (door) => !isStateless(door),
    run: firing((c) => c.initialize()),
  },
  {
    id: 'lifecycle/call-without-a-session',
    mistake: 'what belongs to no session is not judged, since there is nothing to judge it in',
    doors: hasSessionHeader,
    needs: ['session'],
    run: firing((c, { nonce }) =>
      withHeaders(c.call('secret_note', { nonce }), { 'Mcp-Session-Id': undefined }),
    ),
  },
  {
    id: 'lifecycle/permitted-call-without-a-session',
    harmless: true,
    mistake: 'a call without a session spends no budget and leaves no record',
    doors: hasSessionHeader,
    needs: ['session'],
    run: firing((c, { nonce }) =>
      withHeaders(c.call('open_note', { nonce }), { 'Mcp-Session-Id': undefined }),
    ),
  },
  {
    id: 'lifecycle/unknown-session',
    mistake: 'a session id that nobody gave out is taken for one that somebody else keeps',
    doors: hasSessionHeader,
    needs: ['session'],
    run: firing((c, { nonce }) =>
      withHeaders(c.call('open_note', { nonce }), { 'Mcp-Session-Id': 'AAAAAAAAAAAAAAAAAAAAAAAA' }),
    ),
    // The client is told to open a session again, and there is none that it could be written into.
    expect: { records: [] },
  },
  {
    id: 'lifecycle/session-twice',
    mistake: 'of two session ids one is judged and the other is used',
    doors: hasSessionHeader,
    needs: ['session'],
    run: async (stage) => {
      const { client, nonce } = stage;
      const session = isHttpClient(client) ? client.session : '';
      const shot = client.compose.call('open_note', { nonce });
      return [await client.fire(withHeaders(shot, { 'Mcp-Session-Id': [session ?? '', 'another'] }))];
    },
    expect: { records: [] },
  },
  {
    id: 'lifecycle/ended-session',
    own: true,
    mistake: 'a session that its client has ended goes on, or is opened again by its id',
    doors: hasSessionHeader,
    needs: ['session'],
    run: async ({ client, nonce }) => {
      await client.fire({ body: '', id: UNANSWERED, verb: 'DELETE', headers: { 'Content-Type': undefined } });
      return [await client.fire(client.compose.call('open_note', { nonce }))];
    },
    expect: { records: [] },
  },
];
