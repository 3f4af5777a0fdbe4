import type { PersonalData } from './personal-data.ts';

/**
 * The machine-readable lines of passports, visas and identity cards (ICAO Doc 9303, parts 3 to 7), known by their
 * check digits. Takes time linear in the text.
 */
export function findMachineReadableZones(text: string): readonly PersonalData[] {
  if (!text.includes('<')) return [];
  const found: PersonalData[] = [];
  for (const { pattern, fields } of ZONES) {
    for (const match of text.matchAll(pattern)) {
      const [line] = match;
      if (!fields.every(([from, to]) => isChecked(line.slice(from, to), line.charAt(to)))) continue;
      found.push({ kind: 'national_id', of: 'icao.mrz', start: match.index, end: match.index + line.length });
    }
  }
  return found;
}

/** A line, and what in it is followed by its check digit. */
interface Zone {
  readonly pattern: RegExp;
  readonly fields: readonly (readonly [from: number, to: number])[];
}

const ZONES: readonly Zone[] = [
  // Second line of a passport (TD3) or a visa (MRV-A).
  {
    pattern: /(?<![A-Z0-9<])[A-Z0-9<]{9}\d[A-Z<]{3}\d{6}\d[MFX<]\d{6}\d[A-Z0-9<]{16}(?![A-Z0-9<])/g,
    fields: [
      [0, 9],
      [13, 19],
      [21, 27],
    ],
  },
  // Second line of an older identity card (TD2) or a smaller visa (MRV-B).
  {
    pattern: /(?<![A-Z0-9<])[A-Z0-9<]{9}\d[A-Z<]{3}\d{6}\d[MFX<]\d{6}\d[A-Z0-9<]{8}(?![A-Z0-9<])/g,
    fields: [
      [0, 9],
      [13, 19],
      [21, 27],
    ],
  },
  // First line of an identity card (TD1).
  {
    pattern: /(?<![A-Z0-9<])[ACI][A-Z<][A-Z<]{3}[A-Z0-9<]{9}\d[A-Z0-9<]{15}(?![A-Z0-9<])/g,
    fields: [[5, 14]],
  },
  // Second line of it.
  {
    pattern: /(?<![A-Z0-9<])\d{6}\d[MFX<]\d{6}\d[A-Z<]{3}[A-Z0-9<]{11}\d(?![A-Z0-9<])/g,
    fields: [
      [0, 6],
      [8, 14],
    ],
  },
];

const WEIGHTS = [7, 3, 1];

function isChecked(field: string, digit: string): boolean {
  let sum = 0;
  for (let at = 0; at < field.length; at++) {
    const value = field[at] === '<' ? 0 : Number.parseInt(field.charAt(at), 36);
    sum += value * (WEIGHTS[at % WEIGHTS.length] ?? 0);
  }
  return String(sum % 10) === digit;
}
