import { type Attempt, type Expectation, UNHEARD } from '../attempt.ts';
import { isHttpClient } from '../door/client.ts';
import { isHttp, isStateless } from '../door/door.ts';
import { withHeaders } from '../door/shot.ts';

/** Other ways to write the path of the endpoint. */
const SPELLINGS: Readonly<Record<string, (path: string) => string>> = {
  'trailing-slash': (path) => `${path}/`,
  'double-slash': (path) => `/${path}`,
  dot: (path) => `/.${path}`,
  'step-up': (path) => `/healthz/..${path}`,
  'encoded-step-up': (path) => `/healthz/%2e%2e${path}`,
  capitals: (path) => path.toUpperCase(),
  percent: (path) => path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  parameter: (path) => `${path};x=1`,
  suffix: (path) => `${path}.json`,
  fragment: (path) => `${path}#x`,
  backslash: (path) => path.replace('/', '\\'),
  'nul-byte': (path) => `${path}%00`,
};

const auth = 'who calls is asked by path, and another spelling of the path is served without being asked';

const policy =
  'what is judged is chosen by path, and another spelling of the path is served without being judged';

/** A path that is not served is nobody's door: nothing is recorded of it. */
const NO_PLACE: Partial<Expectation> = { records: [] };

export const endpointPaths: readonly Attempt[] = Object.entries(SPELLINGS).flatMap(
  ([id, spell]): Attempt[] => [
    {
      id: `path/${id}-by-a-stranger`,
      mistake: auth,
      doors: isHttp,
      needs: ['token'],
      run: async ({ client, nonce }) => {
        const shot = withHeaders(client.compose.call('open_note', { nonce }), { Authorization: undefined });
        return [await client.fire({ ...shot, target: spelled(client, spell) })];
      },
      expect: UNHEARD,
    },
    {
      id: `path/${id}`,
      mistake: policy,
      doors: isHttp,
      run: async ({ client, nonce }) => [
        await client.fire({
          ...client.compose.call('secret_note', { nonce }),
          target: spelled(client, spell),
        }),
      ],
      expect: NO_PLACE,
    },
  ],
);

function spelled(client: Parameters<Attempt['run']>[0]['client'], spell: (path: string) => string): string {
  const { pathname, search } = isHttpClient(client) ? client.endpoint : new URL('http://127.0.0.1/mcp');
  return `${spell(pathname)}${search}`;
}

/** Paths that are served as the endpoint is, and judged as it is. */
export const servedPaths: readonly Attempt[] = [
  {
    id: 'path/one-server-alone',
    mistake:
      'each server has an endpoint of its own besides the common one, and only the common one is guarded',
    doors: ({ carrier }) => carrier === 'http',
    needs: ['neighbour'],
    run: async ({ client, door, nonce }) => {
      const target = '/s/neighbour/mcp';
      const { compose } = client;
      const alone = { target, headers: { 'Mcp-Session-Id': undefined } };
      const opened = isStateless(door) ? undefined : await client.fire({ ...compose.initialize(), ...alone });
      const session = opened?.headers?.['mcp-session-id'];
      const call = compose.request('tools/call', { name: 'both_note', arguments: { nonce } });
      return [await client.fire({ ...call, target, headers: { 'Mcp-Session-Id': session } })];
    },
  },
  {
    id: 'path/whole-url',
    mistake: policy,
    doors: isHttp,
    run: async ({ client, nonce }) => {
      const url = isHttpClient(client) ? client.endpoint : new URL('http://127.0.0.1/mcp');
      return [await client.fire({ ...client.compose.call('secret_note', { nonce }), target: url.href })];
    },
    expect: NO_PLACE,
  },
  {
    id: 'path/query',
    mistake: policy,
    doors: isHttp,
    run: async ({ client, nonce }) => {
      const { pathname, search } = isHttpClient(client) ? client.endpoint : new URL('http://127.0.0.1/mcp');
      const target = `${pathname}${search === '' ? '?' : `${search}&`}x=1`;
      return [await client.fire({ ...client.compose.call('secret_note', { nonce }), target })];
    },
  },
];
