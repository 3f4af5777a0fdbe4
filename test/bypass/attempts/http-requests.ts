import { type Attempt, firing, UNHEARD } from '../attempt.ts';
import { isHttpClient } from '../door/client.ts';
import { hasSessionHeader, isHttp } from '../door/door.ts';
import { type Shot, withHeaders, UNANSWERED } from '../door/shot.ts';

const verbs = 'only posts are judged, and the server acts on the body of others';

const smuggled = 'the guard and the server disagree where a request ends, and the rest of one is another';

/** Requests that are no posts of one JSON body. */
export const httpRequests: readonly Attempt[] = [
  ...['PUT', 'PATCH', 'OPTIONS', 'TRACE', 'QUERY'].map(
    (verb): Attempt => ({
      id: `http/${verb.toLowerCase()}`,
      mistake: verbs,
      doors: isHttp,
      run: firing((c, { nonce }) => ({ ...c.call('secret_note', { nonce }), verb })),
      expect: UNHEARD,
    }),
  ),
  {
    id: 'http/method-override',
    mistake: 'a header changes the verb behind the guard',
    doors: isHttp,
    run: firing((c, { nonce }) =>
      withHeaders(c.call('secret_note', { nonce }), {
        'X-HTTP-Method-Override': 'GET',
        'X-Forwarded-Method': 'GET',
      }),
    ),
  },
  {
    id: 'http/two-lengths',
    mistake: smuggled,
    doors: isHttp,
    run: firing((c, { nonce }) =>
      withHeaders(c.call('secret_note', { nonce }), { 'Content-Length': ['2', '400'] }),
    ),
    expect: UNHEARD,
  },
  {
    id: 'http/length-and-chunks',
    mistake: smuggled,
    doors: isHttp,
    run: async ({ client, nonce }) => {
      const inner = await wireOf(client, nonce);
      const outer = client.compose.request('ping');
      const shot: Shot = {
        ...outer,
        body: '0\r\n\r\n',
        trailing: inner,
        headers: { 'Transfer-Encoding': 'chunked' },
      };
      return [await client.fire(shot)];
    },
    expect: UNHEARD,
  },
  {
    id: 'http/chunks-in-other-words',
    mistake: smuggled,
    doors: isHttp,
    run: firing((c, { nonce }) => {
      const { body, ...shot } = c.call('secret_note', { nonce });
      const chunk = `${Buffer.byteLength(body).toString(16)}\r\n${body.toString()}\r\n0\r\n\r\n`;
      return {
        ...shot,
        body: chunk,
        headers: { 'Transfer-Encoding': 'xchunked', 'Content-Length': undefined },
      };
    }),
    expect: UNHEARD,
  },
  {
    id: 'http/folded-header',
    mistake: smuggled,
    doors: isHttp,
    run: firing((c, { nonce }) =>
      withHeaders(c.call('secret_note', { nonce }), { 'X-Folded': 'one\r\n two' }),
    ),
    expect: UNHEARD,
  },
  {
    id: 'http/web-socket',
    mistake: 'an upgraded connection is relayed without anybody reading what goes over it',
    doors: isHttp,
    run: async ({ client, nonce, accuse }) => {
      const { body } = client.compose.call('secret_note', { nonce });
      const outcome = await client.fire({
        body: '',
        id: UNANSWERED,
        verb: 'GET',
        headers: {
          Connection: 'Upgrade',
          Upgrade: 'websocket',
          'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
          'Sec-WebSocket-Protocol': 'mcp',
          Accept: 'application/json',
        },
        trailing: frame(Buffer.from(body)),
      });
      if (outcome.status === 101) accuse('the connection was upgraded');
      return [outcome];
    },
    // A GET of a known client that asks for no event stream; what the frames hold is no request.
    expect: (door) => (hasSessionHeader(door) ? {} : UNHEARD),
  },
  {
    id: 'http/tunnel',
    mistake: 'a tunnel to the server goes past the guard',
    doors: isHttp,
    run: async ({ client, nonce, accuse }) => {
      const { body } = client.compose.call('secret_note', { nonce });
      const outcome = await client.fire({
        body: '',
        id: UNANSWERED,
        verb: 'CONNECT',
        target: '127.0.0.1:80',
        trailing: Buffer.from(body),
      });
      if (outcome.status === 200) accuse('a tunnel was opened');
      return [outcome];
    },
    expect: UNHEARD,
  },
];

/** The bytes of a whole forbidden request, to be hidden within another. */
async function wireOf(client: Parameters<Attempt['run']>[0]['client'], nonce: string): Promise<Buffer> {
  const { body, mirror } = client.compose.call('secret_note', { nonce });
  const where = isHttpClient(client) ? client.endpoint : new URL('http://127.0.0.1/mcp');
  const session =
    isHttpClient(client) && client.session !== undefined ? `Mcp-Session-Id: ${client.session}\r\n` : '';
  return Buffer.from(
    `POST ${where.pathname}${where.search} HTTP/1.1\r\nHost: ${where.host}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n${session}Mcp-Method: ${mirror?.method}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body.toString()}`,
  );
}

/** One masked text frame (RFC 6455). */
function frame(payload: Buffer): Buffer {
  const head = Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0]);
  return Buffer.concat([head, payload]);
}
