import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Damages, inFile } from './edit.ts';

/** Bundles that are not what they claim, or hold what does not belong. */
export const CLAIM_DAMAGES: Damages = {
  'another scope: a session that is not there': (forger) =>
    forger.agree({ scope: { kind: 'session', session: 'ses_none' } }),
  'another scope: a segment': (forger) =>
    forger.agree({ scope: { kind: 'segment', segment: 'seg_1', before_ms: 9_000_000_000_000 } }),
  'another scope: a segment from long ago': (forger) =>
    forger.agree({ scope: { kind: 'segment', segment: 'seg_1', before_ms: 1 } }),
  'another scope: a range of all leaves at another time': (forger) =>
    forger.agree({ scope: { kind: 'range', from_ms: 0, to_ms: 1, first: 0, end: forger.manifest.size } }),
  'another scope: a range of some leaves': (forger) =>
    forger.agree({ scope: { kind: 'range', from_ms: 0, to_ms: 9_000_000_000_000, first: 5, end: 50 } }),
  'a schema that allows everything': inFile('schema/TERMINATION.json', /[^]*/, '{}'),
  'no schemas': (forger) => {
    forger.remove('schema');
    forger.agree();
  },
  'a file more': (forger) => forger.write('readme.md', 'x'),
  'a file more in a folder more': (forger) => forger.write('notes/readme.md', 'x'),
  'an empty folder more': (forger) => mkdirSync(join(forger.folder, 'tile/9')),
  'a file with a name of control characters': (forger) => forger.write('\u001b[2J', 'x'),
  'the whole log rewritten and signed with another key': (forger) => {
    forger.rewriteEvent(60, (event) => (event['user_id'] = 'mallory'));
    forger.rewriteLog();
  },
};
