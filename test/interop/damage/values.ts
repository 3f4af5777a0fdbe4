import { type Damages, doubled, dropped, inEvent, inLine, swapped } from './edit.ts';

/** Sealed values that are not those committed to. */
export const VALUE_DAMAGES: Damages = {
  'a value dropped': dropped('blobs.jsonl', 5),
  'a value twice': doubled('blobs.jsonl', 5),
  'two values swapped': swapped('blobs.jsonl', 5, 6),
  'the last value dropped': dropped('blobs.jsonl', -1),
  'all values dropped': (forger) => forger.edit('blobs.jsonl', () => []),
  'a value more': (forger) => forger.edit('blobs.jsonl', (lines) => [...lines, lines[0] ?? '']),
  'another value under the hash': inLine('blobs.jsonl', 5, (text) => text.replace('"b":"', '"b":"AAAA')),
  'a value with white space': inLine('blobs.jsonl', 5, (text) => text.replace(':', ': ')),
  'a value in other base64': inLine('blobs.jsonl', 5, (text) => text.replace(/=*","h"/, '====","h"')),
  'a value with spare bits': inLine('blobs.jsonl', 5, (text) => text.replace(/"b":"[^"]*"/, '"b":"AB=="')),
  'a value that does not end': (forger) => {
    forger.write('blobs.jsonl', forger.bytes('blobs.jsonl').subarray(0, -1));
    forger.agree();
  },
  'values that are not UTF-8': inLine('blobs.jsonl', 5, (text) => `${text}é`),
  'a commitment to something shorter': inEvent(60, (event) => {
    event['payload'] = { $sealed: { '/args': { h: 'ab'.repeat(32), n: 40 } } };
  }),
  'a commitment that is none': inEvent(60, (event) => (event['payload'] = { $sealed: { '/args': 1 } })),
};
