import { describe, expect, it } from 'vitest';
import { findMachineReadableZones } from '../../../src/inspect/pii/mrz.ts';
import { marked } from './marked-text.ts';

// The specimens of ICAO Doc 9303, of a state that does not exist.
const LINES = [
  'L898902C36UTO7408122F1204159ZE184226B<<<<<10',
  'D231458907UTO7408122F1204159<<<<<<<6',
  'I<UTOD231458907<<<<<<<<<<<<<<<',
  '7408122F1204159UTO<<<<<<<<<<<6',
];

describe('the machine-readable lines of a document', () => {
  it.each(LINES)('are found in a text and masked as a whole: %s', (line) => {
    expect(marked(`scan:\n${line}\nend`, ['national_id'])).toBe(`scan:\n«national_id:${line}»\nend`);
  });

  it.each(LINES)('are none with a digit changed: %s', (line) => {
    const at = line.search(/\d[<FM A-Z]/);
    const changed = line.slice(0, at) + ((Number(line[at]) + 1) % 10) + line.slice(at + 1);
    expect(findMachineReadableZones(changed)).toEqual([]);
  });

  it('are none in sources and tables', () => {
    for (const text of ['a << 9 | b << 10', '<<<<<<< HEAD\n=======\n>>>>>>> main', '<'.repeat(50_000)]) {
      expect(findMachineReadableZones(text)).toEqual([]);
    }
  });
});
