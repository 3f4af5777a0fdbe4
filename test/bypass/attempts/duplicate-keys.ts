import { type Attempt, firing } from '../attempt.ts';
import { rewritten } from '../door/shot.ts';

// JSON leaves open which of two equal keys counts (RFC 8259, section 4).
const mistake =
  'the guard reads one of two equal keys and the server the other, and the bytes are forwarded as they came';

const SECRET = /"name":"([^"]*)secret_note"/;

/** Both orders: which of the two counts differs from parser to parser. */
export const duplicateKeys: readonly Attempt[] = [
  {
    id: 'duplicate-keys/name-last',
    mistake,
    run: firing((c, { nonce }) =>
      rewritten(c.call('open_note', { nonce }), (text) =>
        text.replace(/"name":"[^"]*"/, (open) => `${open},"name":${JSON.stringify(c.tool('secret_note'))}`),
      ),
    ),
  },
  {
    id: 'duplicate-keys/name-first',
    harmless: true,
    mistake,
    run: firing((c, { nonce }) => ({
      ...rewritten(c.call('secret_note', { nonce }), (text) =>
        text.replace(SECRET, (secret) => `${secret},"name":${JSON.stringify(c.tool('open_note'))}`),
      ),
      mirror: { method: 'tools/call', name: c.tool('open_note') },
    })),
  },
  {
    id: 'duplicate-keys/name-escaped',
    mistake: 'equal keys are found by their spelling, and one of them is spelled with an escape',
    run: firing((c, { nonce }) =>
      rewritten(c.call('open_note', { nonce }), (text) =>
        text.replace(
          /"name":"[^"]*"/,
          (open) => `${open},"n\\u0061me":${JSON.stringify(c.tool('secret_note'))}`,
        ),
      ),
    ),
  },
  {
    id: 'duplicate-keys/params',
    mistake,
    run: firing((c, { nonce }) => {
      const secret = JSON.stringify(
        (JSON.parse(c.call('secret_note', { nonce }).body.toString()) as { params: unknown }).params,
      );
      return rewritten(c.call('open_note', { nonce }), (text) => text.replace(/}$/, `,"params":${secret}}`));
    }),
  },
  {
    id: 'duplicate-keys/method',
    mistake,
    run: firing((c, { nonce }) =>
      rewritten(c.call('secret_note', { nonce }), (text) =>
        text.replace('"method":"tools/call"', '"method":"ping","method":"tools/call"'),
      ),
    ),
  },
  {
    id: 'duplicate-keys/argument',
    mistake: 'a rule on an argument sees the first of two, and the server the last',
    run: firing((c, { nonce }) =>
      rewritten(c.call('guarded_note', { nonce, target: 'open' }), (text) =>
        text.replace('"target":"open"', '"target":"open","target":"forbidden"'),
      ),
    ),
  },
  {
    id: 'duplicate-keys/id',
    mistake: 'one answer is sent to two waiting requests, or to none',
    run: firing((c, { nonce }) => ({
      ...rewritten(c.call('secret_note', { nonce }), (text) => text.replace('"id":', '"id":"other","id":')),
    })),
  },
];
