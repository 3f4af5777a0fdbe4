import { type Attempt, firing } from '../attempt.ts';
import { hasSessionHeader, isStateless } from '../door/door.ts';
import { withHeaders } from '../door/shot.ts';

const META = 'io.modelcontextprotocol/';

/** Messages of one era that pretend to be of another. */
export const protocolVersions: readonly Attempt[] = [
  ...(
    [
      ['stateless', '2026-07-28'],
      ['of-nobody', '2099-01-01'],
      ['twice', ['2025-11-25', '2026-07-28']],
      ['no-date', 'latest'],
    ] as const
  ).map(
    ([id, version]): Attempt => ({
      id: `protocol-version/${id}`,
      mistake: 'the era is chosen by a header, and the checks of the other era are skipped',
      doors: hasSessionHeader,
      needs: ['session'],
      run: firing((c, { nonce }) =>
        withHeaders(c.call('secret_note', { nonce }), { 'MCP-Protocol-Version': version }),
      ),
    }),
  ),
  {
    id: 'protocol-version/stateless-request-in-a-session',
    mistake:
      'a request that says in itself that it has no session is taken out of the session that it came in',
    doors: (door) => !isStateless(door),
    run: firing((c, { nonce }) =>
      c.call(
        'secret_note',
        { nonce },
        {
          _meta: {
            [`${META}protocolVersion`]: '2026-07-28',
            [`${META}clientInfo`]: { name: 'bypass', version: '1' },
            [`${META}clientCapabilities`]: {},
          },
        },
      ),
    ),
  },
  {
    id: 'protocol-version/initialize-without-sessions',
    harmless: true,
    mistake: 'a session is opened from within an era that has none, and what is said in it is not judged',
    doors: (door) => isStateless(door) && door.carrier === 'http',
    run: firing((c) => withHeaders(c.initialize(), { 'MCP-Protocol-Version': '2026-07-28' })),
  },
  {
    id: 'protocol-version/missing-meta',
    mistake: 'a request that does not say what it speaks is taken for one that was judged before',
    doors: isStateless,
    run: firing((c, { nonce }) => {
      const shot = c.call('secret_note', { nonce });
      const { params, ...rest } = JSON.parse(shot.body.toString()) as { params: Record<string, unknown> };
      const { _meta: _, ...kept } = params;
      return { ...shot, body: JSON.stringify({ ...rest, params: kept }) };
    }),
  },
];
