import type { Forger } from '../../../packages/aegis/test/bundle/forger.ts';
import { type Damages, dropped } from './edit.ts';

type Event = Record<string, unknown> & { payload: Record<string, unknown> };

/** Rewrites an event and all that follow it in its session, and signs the whole log anew. */
const signed =
  (change: (event: Event) => unknown, line = 60) =>
  (forger: Forger): unknown =>
    forger.rewriteEvent(line, (event) => void change(event as Event)).rewriteLog();

const HASH = 'ab'.repeat(32);

const sealing = (pointer: string, commitment: unknown) =>
  signed(({ payload }) => (payload['$sealed'] = { [pointer]: commitment }));

/** What only whoever has the key can do: the hashes and signatures are right, and the events are not. */
export const SIGNED_DAMAGES: Damages = {
  'a commitment to no hash': sealing('/args', { h: 'x', n: 40 }),
  'a commitment to a hash in upper case': sealing('/args', { h: HASH.toUpperCase(), n: 40 }),
  'a commitment to less than a salt': sealing('/args', { h: HASH, n: 31 }),
  'a commitment of no length': sealing('/args', { h: HASH, n: 40.5 }),
  'a commitment at no pointer': sealing('args', { h: HASH, n: 40 }),
  'a user that is no id': signed((event) => (event['user_id'] = 'a b')),
  'a user without a name': signed((event) => (event['user_id'] = '')),
  'a user whose name is too long': signed((event) => (event['user_id'] = 'a'.repeat(129))),
  'a user with a line feed': signed((event) => (event['user_id'] = 'a\n')),
  'a time before all time': signed((event) => (event['ts_unix_ms'] = -1)),
  'an event in the place of another': signed((event) => (event['event_type'] = 'MEMORY_READ')),
  'a payload with a member more': signed(({ payload }) => (payload['more'] = 1)),
  'a payload with a member __proto__': signed(({ payload }) =>
    Object.defineProperty(payload, '__proto__', { value: {}, enumerable: true }),
  ),
  'a payload with a member constructor': signed(({ payload }) => (payload['constructor'] = 1)),
  'a payload with nothing': signed((event) => (event['payload'] = {})),
  'a call that is no id': signed(({ payload }) => (payload['call_id'] = 'a b')),
  'a call of another name': signed(({ payload }) => (payload['call_id'] = 'call_of_nobody')),
  'commitments that are a list': signed(({ payload }) => (payload['$sealed'] = [])),
  'a commitment with a member more': sealing('/args', { h: HASH, n: 40, m: 1 }),
  'a commitment with a member less': sealing('/args', { h: HASH }),
  'a session of which the start is another event': signed((event) => {
    event['event_type'] = 'ERROR_RAISED';
    event['payload'] = { code: 'x', message: 'x' };
  }, 0),
  'a session that begins at seq 1': (forger) => {
    forger.rewriteEvent(0, (event) => (event['seq'] = 1));
    forger.rewriteLog();
  },
  'a session without its first event': (forger) => {
    dropped('events.jsonl', 0)(forger);
    forger.rewriteLog();
  },
  'two events in another order': (forger) => {
    forger.edit('events.jsonl', (lines) => lines.with(60, lines[61] ?? '').with(61, lines[60] ?? ''));
    forger.rewriteLog();
  },
  'an event that is no JSON': (forger) => {
    forger.edit('events.jsonl', (lines) => lines.with(60, '{'));
    forger.rewriteLog();
  },
  'an event with a key twice': (forger) => {
    forger.edit('events.jsonl', (lines) =>
      lines.with(60, (lines[60] ?? '').replace('"seq":', '"seq":1,"seq":')),
    );
    forger.rewriteLog();
  },
};
