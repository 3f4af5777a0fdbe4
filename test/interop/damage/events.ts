import { type Damages, doubled, dropped, inEvent, moved, swapped } from './edit.ts';

/** Events that are not those of the log, in the log's place. */
export const EVENT_DAMAGES: Damages = {
  'an event moved to another place': moved('events.jsonl', 40, 300),
  'an event and its leaf moved': (forger) => {
    moved('events.jsonl', 40, 41)(forger);
    moved('leaves', 40, 41)(forger);
  },
  'two events swapped': swapped('events.jsonl', 50, 51),
  'an event dropped': dropped('events.jsonl', 50),
  'an event and its leaf dropped': (forger) => {
    dropped('events.jsonl', 50)(forger);
    dropped('leaves', 50)(forger);
  },
  'the first event and its leaf dropped': (forger) => {
    dropped('events.jsonl', 0)(forger);
    dropped('leaves', 0)(forger);
  },
  'the last event and its leaf dropped': (forger) => {
    dropped('events.jsonl', -1)(forger);
    dropped('leaves', -1)(forger);
  },
  'an event twice': doubled('events.jsonl', 50),
  'an event twice, at leaves of its own': (forger) => {
    doubled('events.jsonl', 50)(forger);
    forger.edit('leaves', (lines) => [...lines, String(lines.length)]);
  },
  'no event at all': (forger) => {
    forger.edit('events.jsonl', () => []);
    forger.edit('leaves', () => []);
  },
  'an event with another time': inEvent(60, (event) => (event['ts_unix_ms'] = 1)),
  'an event of another user': inEvent(60, (event) => (event['user_id'] = 'mallory')),
  'an event of another tenant': inEvent(60, (event) => (event['tenant_id'] = 'mallory')),
  'an event of another session': inEvent(60, (event) => (event['session_id'] = 'ses_mallory')),
  'an event with another seq': inEvent(60, (event) => (event['seq'] = 7)),
  'an event that is far ahead': inEvent(60, (event) => (event['seq'] = 9_007_199_254_740_991)),
  'an event without its prev_hash': inEvent(60, (event) => delete event['prev_hash']),
  'an event with another prev_hash': inEvent(60, (event) => (event['prev_hash'] = 'ab'.repeat(32))),
  'an event of no known type': inEvent(60, (event) => (event['event_type'] = 'NOTHING')),
  'an event with a member more': inEvent(60, (event) => (event['more'] = 1)),
  'an event with a member less': inEvent(60, (event) => delete event['user_id']),
  'an event whose payload is a list': inEvent(60, (event) => (event['payload'] = [])),
  'an event whose payload is empty': inEvent(60, (event) => (event['payload'] = {})),
  'an event with a payload of another type': inEvent(
    60,
    (event) => (event['payload'] = { message: 'x', code: 'x', more: { deep: [1, null, true] } }),
  ),
  'an event whose seq is a fraction': inEvent(60, (event) => (event['seq'] = 1.5)),
  'an event whose seq is a text': inEvent(60, (event) => (event['seq'] = '1')),
  'an event that ends its session early': inEvent(60, (event) => {
    event['event_type'] = 'TERMINATION';
    event['payload'] = { cause: 'x' };
  }),
  'a start in the middle of a session': inEvent(60, (event) => {
    event['event_type'] = 'SESSION_STARTED';
    event['payload'] = { agent: 'a', door: 'd', policy_digest: 'ab'.repeat(32) };
  }),
  'an event rewritten, and all that follow it': (forger) =>
    forger.rewriteEvent(60, (event) => (event['user_id'] = 'mallory')),
};
