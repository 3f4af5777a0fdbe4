import { type Attempt, firing } from '../attempt.ts';
import { isHttp } from '../door/door.ts';
import { rewritten, type Shot, withHeaders } from '../door/shot.ts';
import type { Composer } from '../door/compose.ts';

const mistake = 'what is too large to be judged is passed on, or ends the guard';

/** A forbidden call with more in its arguments than anybody needs. */
function overloaded(extra: string): (compose: Composer, stage: { readonly nonce: string }) => Shot {
  return (c, { nonce }) =>
    rewritten(c.call('secret_note', { nonce }), (text) =>
      text.replace('"arguments":{', `"arguments":{${extra},`),
    );
}

const nested = (depth: number): string => `"n":${'['.repeat(depth)}${']'.repeat(depth)}`;

export const sizes: readonly Attempt[] = [
  { id: 'size/deep', mistake, run: firing(overloaded(nested(100))) },
  { id: 'size/beyond-all-depth', mistake, run: firing(overloaded(nested(100_000))) },
  {
    id: 'size/many-keys',
    mistake,
    run: firing(overloaded(Array.from({ length: 20_000 }, (_, at) => `"k${at}":0`).join(','))),
  },
  { id: 'size/long-text', mistake, run: firing(overloaded(`"n":"${'x'.repeat(2_000_000)}"`)) },
  { id: 'size/number-beyond-all', mistake, run: firing(overloaded('"n":1e999999')) },
  { id: 'size/long-number', mistake, run: firing(overloaded(`"n":${'9'.repeat(100_000)}`)) },
  {
    id: 'size/huge-message',
    mistake,
    run: firing((c, stage) => ({ ...overloaded(`"n":"${'x'.repeat(6_000_000)}"`)(c, stage), id: null })),
  },
  {
    id: 'size/long-name',
    mistake,
    run: firing((c, { nonce }) => ({
      ...c.request('tools/call', { name: c.tool('secret_note') + ' '.repeat(100_000), arguments: { nonce } }),
      mirror: { method: 'tools/call', name: 'long' },
    })),
  },
  {
    id: 'size/many-headers',
    mistake: 'a request whose head is too large to be read is passed on by its body',
    doors: isHttp,
    run: firing((c, { nonce }) =>
      withHeaders(
        c.call('secret_note', { nonce }),
        Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`X-${at}`, 'x'.repeat(20)])),
      ),
    ),
    expect: { records: [] },
  },
];
