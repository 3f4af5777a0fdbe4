import { type Attempt, firing } from '../attempt.ts';
import { isHttp } from '../door/door.ts';
import type { HeaderValue } from '../door/shot.ts';

const mistake = 'only what says that it is JSON is judged, and everything else is passed on as a web request';

const TYPES: readonly (readonly [id: string, type: HeaderValue])[] = [
  ['none', undefined],
  ['text', 'text/plain'],
  ['form', 'application/x-www-form-urlencoded'],
  ['multipart', 'multipart/form-data; boundary=x'],
  ['octets', 'application/octet-stream'],
  ['nearly', 'application/jsonp'],
  ['suffix', 'application/vnd.api+json'],
  ['twice', ['text/plain', 'application/json']],
  ['list', 'text/plain, application/json'],
];

export const contentTypes: readonly Attempt[] = [
  ...TYPES.map(
    ([id, type]): Attempt => ({
      id: `content-type/${id}`,
      mistake,
      doors: isHttp,
      run: firing((c, { nonce }) => ({
        ...c.call('secret_note', { nonce }),
        id: null,
        headers: { 'Content-Type': type },
      })),
    }),
  ),
  {
    id: 'content-type/form-body',
    mistake: 'a form is turned into a call behind the guard',
    doors: isHttp,
    run: firing((c, { nonce }) => ({
      body: `method=tools%2Fcall&name=secret_note&nonce=${encodeURIComponent(nonce)}`,
      id: null,
      mirror: { method: 'tools/call', name: c.tool('secret_note') },
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    })),
  },
];
