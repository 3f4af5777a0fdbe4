import { type Attempt, firing } from '../attempt.ts';
import type { Shot } from '../door/shot.ts';
import { isHttp } from '../door/door.ts';

const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** A call in other bytes, with headers that speak of them; its answer may not name it. */
export function bytes(shot: Shot, change: (body: Buffer) => Buffer, headers: Shot['headers'] = {}): Shot {
  return { ...shot, id: null, body: change(Buffer.from(shot.body)), headers };
}

const mistake = 'bytes that the guard cannot read are passed on, and the server can read them';

/** The same forbidden call in bytes that not everybody reads. */
export const encodings: readonly Attempt[] = [
  {
    id: 'encoding/byte-order-mark',
    mistake: 'a guard that stumbles over a byte order mark lets the message pass, and the server skips it',
    run: firing((c, { nonce }) =>
      bytes(c.call('secret_note', { nonce }), (body) => Buffer.concat([UTF8_BOM, body])),
    ),
  },
  {
    id: 'encoding/utf-16',
    mistake,
    // Without a line feed in it, which would be the end of the line.
    run: firing((c, { nonce }) =>
      bytes(c.call('secret_note', { nonce }), (body) => Buffer.from(body.toString(), 'utf16le')),
    ),
  },
  {
    id: 'encoding/utf-16-with-its-mark',
    mistake,
    doors: isHttp,
    run: firing((c, { nonce }) =>
      bytes(c.call('secret_note', { nonce }), (body) => Buffer.from(`\ufeff${body.toString()}`, 'utf16le'), {
        'Content-Type': 'application/json; charset=utf-16',
      }),
    ),
  },
  {
    id: 'encoding/overlong',
    mistake: 'a letter in two bytes is no letter to the guard, and one to a server that decodes loosely',
    run: firing((c, { nonce }) =>
      bytes(c.call('secret_note', { nonce }), (body) => {
        const at = body.indexOf('secret_note');
        return Buffer.concat([body.subarray(0, at), Buffer.from([0xc1, 0xb3]), body.subarray(at + 1)]);
      }),
    ),
  },
  {
    id: 'encoding/broken-utf-8',
    mistake: 'broken bytes in one place make the guard give up, and the server replaces them',
    run: firing((c, { nonce }) =>
      bytes(c.call('secret_note', { nonce }), (body) => {
        const at = body.indexOf(nonce);
        return Buffer.concat([body.subarray(0, at), Buffer.from([0xff]), body.subarray(at)]);
      }),
    ),
  },
  {
    id: 'encoding/half-a-surrogate-pair',
    mistake: 'text that is no Unicode cannot be sealed or compared, and is run without',
    run: firing((c) => {
      const shot = c.call('secret_note', { nonce: 'SURROGATE' });
      return { ...shot, body: shot.body.toString().replace('SURROGATE', '\\ud800') };
    }),
  },
  {
    id: 'encoding/comments',
    mistake: 'a lenient parser reads what a strict one refuses',
    run: firing((c, { nonce }) =>
      bytes(c.call('secret_note', { nonce }), (body) => Buffer.from(`/* harmless */${body.toString()}`)),
    ),
  },
  {
    id: 'encoding/second-value',
    mistake: 'the guard reads the first value of a text and the server the last, or each one',
    run: firing((c, { nonce }) =>
      bytes(c.request('ping'), (body) =>
        Buffer.concat([body, Buffer.from(' '), Buffer.from(c.call('secret_note', { nonce }).body)]),
      ),
    ),
  },
];
