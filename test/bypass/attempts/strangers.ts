import { type Attempt, firing, UNHEARD } from '../attempt.ts';
import { isHttpClient } from '../door/client.ts';
import { isHttp } from '../door/door.ts';
import { type HeaderValue, UNANSWERED, withHeaders } from '../door/shot.ts';

const CREDENTIALS: readonly (readonly [id: string, authorization: HeaderValue])[] = [
  ['nobody', undefined],
  ['wrong-token', 'Bearer guessed'],
  ['empty-token', 'Bearer '],
  ['another-scheme', 'Basic Y2FsbGVyOmNhbGxlcg=='],
  ['two-tokens', ['Bearer guessed', 'Bearer guessed-again']],
];

/** Permitted calls of somebody who has not shown who they are. */
export const strangers: readonly Attempt[] = [
  ...CREDENTIALS.map(
    ([id, authorization]): Attempt => ({
      id: `stranger/${id}`,
      mistake: 'the session id is taken for proof of who calls',
      doors: isHttp,
      needs: ['token'],
      run: firing((c, { nonce }) =>
        withHeaders(c.call('open_note', { nonce }), { Authorization: authorization }),
      ),
      expect: UNHEARD,
    }),
  ),
  {
    id: 'stranger/event-stream',
    mistake: 'only posts are asked who they come from, and the stream of a session is open to anybody',
    doors: isHttp,
    needs: ['token'],
    run: async ({ client, accuse }) => {
      const headers = { Authorization: undefined };
      const stream = isHttpClient(client)
        ? client.open({ body: '', id: UNANSWERED, verb: 'GET', headers })
        : undefined;
      await stream?.headed;
      if (stream?.status === 200) accuse('a stream was opened for nobody');
      stream?.close();
      return [];
    },
    expect: UNHEARD,
  },
  {
    id: 'stranger/token-in-the-query',
    mistake: 'a token in the URL is taken, which every log on the way keeps',
    doors: isHttp,
    needs: ['token'],
    run: async ({ client, nonce, token }) => {
      const { pathname, search } = isHttpClient(client) ? client.endpoint : new URL('http://127.0.0.1/mcp');
      const shot = withHeaders(client.compose.call('open_note', { nonce }), { Authorization: undefined });
      const target = `${pathname}${search === '' ? '?' : `${search}&`}access_token=${token}&token=${token}`;
      return [await client.fire({ ...shot, target })];
    },
    expect: UNHEARD,
  },
  {
    id: 'stranger/token-in-a-cookie',
    mistake: 'a cookie is taken, which a browser sends for any page',
    doors: isHttp,
    needs: ['token'],
    run: firing((c, { nonce, token }) =>
      withHeaders(c.call('open_note', { nonce }), {
        Authorization: undefined,
        Cookie: `token=${token}; access_token=${token}`,
      }),
    ),
    expect: UNHEARD,
  },
];
