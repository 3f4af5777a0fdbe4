import { type Attempt, type Expectation, firing } from '../attempt.ts';
import { type Door, hasBatches } from '../door/door.ts';
import type { Shot } from '../door/shot.ts';

function batch(...members: readonly Shot[]): Shot {
  const { id = null } = members.at(-1) ?? {};
  return {
    body: `[${members.map(({ body }) => body.toString()).join(',')}]`,
    id,
    mirror: { method: 'tools/call' },
  };
}

/** Where batches are part of the revision each member counts; elsewhere the whole is one refused message. */
function members(inBatch: Partial<Expectation>): (door: Door) => Partial<Expectation> {
  return (door) => (hasBatches(door) ? inBatch : {});
}

export const batches: readonly Attempt[] = [
  {
    id: 'batch/one-forbidden',
    mistake: 'an array is no request to the guard, and is passed on whole',
    run: firing((c, { nonce }) => batch(c.call('secret_note', { nonce }))),
  },
  {
    id: 'batch/second-forbidden',
    mistake: 'only the first member of a batch is judged',
    run: firing((c, { nonce }) => batch(c.call('open_note', { nonce }), c.call('secret_note', { nonce }))),
    expect: members({ reaches: 1, answer: 'any', records: ['allowed', 'denied'] }),
  },
  {
    id: 'batch/forbidden-notification',
    mistake: 'a member without an id is not judged, and the server runs it',
    run: firing((c, { nonce }) =>
      batch(
        c.notification('tools/call', { name: c.tool('secret_note'), arguments: { nonce } }),
        c.request('ping'),
      ),
    ),
    expect: members({ answer: 'any' }),
  },
  {
    id: 'batch/same-id',
    mistake: 'verdicts are kept by id, and the permitted member lends its own to the other',
    run: firing((c, { nonce }) => {
      const id = c.nextId();
      return batch(c.call('open_note', { nonce }, { id }), c.call('secret_note', { nonce }, { id }));
    }),
    expect: members({ reaches: 1, answer: 'any', records: ['allowed', 'denied'] }),
  },
  {
    id: 'batch/nested',
    mistake: 'a batch within a batch is not taken apart',
    run: firing((c, { nonce }) => ({ ...batch(batch(c.call('secret_note', { nonce }))), id: null })),
  },
  {
    id: 'batch/empty',
    mistake: 'a batch of nothing ends the worker that takes it apart',
    run: firing(() => ({ ...batch(), id: null })),
  },
  {
    id: 'batch/huge',
    mistake: 'rates are counted in posts, so a batch is a thousand calls for one',
    run: firing((c, { nonce }) => ({
      ...batch(...Array.from({ length: 1_000 }, () => c.call('secret_note', { nonce }))),
      id: null,
    })),
  },
  {
    id: 'batch/initialize-inside',
    mistake: 'a session is opened anew from within a batch, with other rights',
    run: firing((c, { nonce }) => ({ ...batch(c.initialize(), c.call('secret_note', { nonce })) })),
    expect: members({ records: ['denied', 'denied'] }),
  },
];
