import { gzipSync } from 'node:zlib';
import { type Attempt, firing } from '../attempt.ts';
import { isHttp } from '../door/door.ts';
import { bytes } from './encodings.ts';

const compressed = 'a compressed body is not looked into, and the server unpacks it';

/** The same over HTTP, where headers say how the body is to be read. */
export const contentEncodings: readonly Attempt[] = [
  {
    id: 'content-encoding/gzip',
    mistake: compressed,
    doors: isHttp,
    run: firing((c, { nonce }) =>
      bytes(c.call('secret_note', { nonce }), gzipSync, { 'Content-Encoding': 'gzip' }),
    ),
  },
  {
    id: 'content-encoding/gzip-untold',
    mistake: compressed,
    doors: isHttp,
    run: firing((c, { nonce }) => bytes(c.call('secret_note', { nonce }), gzipSync)),
  },
  {
    id: 'content-encoding/told-but-not-done',
    mistake: 'what says that it is compressed is passed by unread, and the server reads it as it is',
    doors: isHttp,
    run: firing((c, { nonce }) =>
      bytes(c.call('secret_note', { nonce }), (body) => body, { 'Content-Encoding': 'gzip' }),
    ),
  },
];
