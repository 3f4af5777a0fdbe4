import { type Attempt, firing, UNHEARD } from '../attempt.ts';
import { isHttp } from '../door/door.ts';
import { type HeaderValue, withHeaders } from '../door/shot.ts';

const PEERS: readonly (readonly [id: string, headers: Readonly<Record<string, HeaderValue>>])[] = [
  ['rebound-name', { Host: 'evil.example' }],
  ['name-that-begins-right', { Host: '127.0.0.1.evil.example' }],
  ['two-names', { Host: ['127.0.0.1', 'evil.example'] }],
  ['page', { Origin: 'https://evil.example' }],
  ['page-without-a-name', { Origin: 'null' }],
  ['page-that-begins-right', { Origin: 'http://127.0.0.1.evil.example' }],
];

/** Requests that a web page in somebody's browser could make. */
export const pages: readonly Attempt[] = PEERS.map(
  ([id, headers]): Attempt => ({
    id: `page/${id}`,
    mistake: 'a web page reaches a local gateway, by a name that is rebound to it or across origins',
    doors: isHttp,
    run: firing((c, { nonce }) => withHeaders(c.call('open_note', { nonce }), headers)),
    expect: UNHEARD,
  }),
);
