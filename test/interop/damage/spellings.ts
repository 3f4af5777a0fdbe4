import { type Damages, inLine } from './edit.ts';

/** Events that say the same, or nothing, in other bytes. */
export const SPELLING_DAMAGES: Damages = {
  'keys reordered': inLine('events.jsonl', 60, (text) => {
    const { event_type, ...rest } = JSON.parse(text) as Record<string, unknown>;
    return JSON.stringify({ ...rest, event_type });
  }),
  'a number with a point': inLine('events.jsonl', 60, (text) => text.replace(/"seq":(\d+)/, '"seq":$1.0')),
  'a number with an exponent': inLine('events.jsonl', 60, (text) =>
    text.replace(/"seq":(\d+)/, '"seq":$1e0'),
  ),
  'a number with a leading zero': inLine('events.jsonl', 60, (text) => text.replace(/"seq":/, '"seq":0')),
  'a number with a sign': inLine('events.jsonl', 60, (text) => text.replace(/"seq":\d+/, '"seq":-0')),
  'a number beyond 2^53': inLine('events.jsonl', 60, (text) =>
    text.replace(/"ts_unix_ms":\d+/, '"ts_unix_ms":9007199254740993'),
  ),
  'a number that no double holds': inLine('events.jsonl', 60, (text) =>
    text.replace(/"ts_unix_ms":\d+/, '"ts_unix_ms":1e999'),
  ),
  'a number that is none': inLine('events.jsonl', 60, (text) => text.replace(/"seq":\d+/, '"seq":NaN')),
  'white space within an event': inLine('events.jsonl', 60, (text) => text.replace(':', ': ')),
  'white space behind an event': inLine('events.jsonl', 60, (text) => `${text} `),
  'a carriage return': inLine('events.jsonl', 60, (text) => `${text}\r`),
  'a character as its escape': inLine('events.jsonl', 60, (text) => text.replace('"seq"', '"\\u0073eq"')),
  'a lone surrogate': inLine('events.jsonl', 60, (text) => text.replace('"seq"', '"\\ud800":1,"seq"')),
  'a key twice': inLine('events.jsonl', 60, (text) => text.replace('"seq":', '"seq":1,"seq":')),
  'a key __proto__': inLine('events.jsonl', 60, (text) =>
    text.replace('"payload":{', '"payload":{"__proto__":{},'),
  ),
  'an event nested deeper than 64': inLine('events.jsonl', 60, (text) =>
    text.replace('"payload":{', `"payload":{"a":${'['.repeat(64)}${']'.repeat(64)},`),
  ),
  'an event nested without end': inLine('events.jsonl', 60, (text) =>
    text.replace('"payload":{', `"payload":{"a":${'['.repeat(30_000)}${']'.repeat(30_000)},`),
  ),
  'an event that is no JSON': inLine('events.jsonl', 60, (text) => text.slice(0, -1)),
  'an event that is null': inLine('events.jsonl', 60, () => 'null'),
  'an event that is empty': inLine('events.jsonl', 60, () => ''),
  'an event that is too long': inLine('events.jsonl', 60, (text) => text + ' '.repeat(65_536)),
  'an event of control characters': inLine('events.jsonl', 60, () => '\u001b]0;owned\u0007'),
  'an event in Latin-1': (forger) => {
    const at = forger.bytes('events.jsonl').indexOf('\n');
    const bytes = forger.bytes('events.jsonl');
    forger.write('events.jsonl', Buffer.concat([bytes.subarray(0, at), Buffer.of(0xe9), bytes.subarray(at)]));
    forger.agree();
  },
  'an event that does not end': (forger) => {
    forger.write('events.jsonl', forger.bytes('events.jsonl').subarray(0, -1));
    forger.agree();
  },
};
