import type { PiiKind } from '../../policy/rule.ts';

/** Where a text names a person. Offsets count UTF-16 code units; `end` is exclusive. */
export interface PersonalData {
  readonly kind: PiiKind;
  /** Of a national number, which one: `gb.nino`. */
  readonly of?: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What of all that the detectors saw counts, in order and without overlaps: of two where one holds the
 * other the longer one (an IBAN, not the card number in it), and of those only the wanted kinds. What
 * remains and still overlaps becomes one, so that no end of it stays readable.
 */
export function settle(seen: readonly PersonalData[], wanted: ReadonlySet<string>): readonly PersonalData[] {
  if (seen.length === 0) return seen;
  const rank = ({ kind }: PersonalData) => BY_STRENGTH.indexOf(kind) - (wanted.has(kind) ? RANKS : 0);
  const ordered = [...seen].sort((a, b) => a.start - b.start || b.end - a.end || rank(a) - rank(b));
  const settled: PersonalData[] = [];
  let reach = 0;
  for (const next of ordered) {
    const inside = next.end <= reach;
    reach = Math.max(reach, next.end);
    if (inside || !wanted.has(next.kind)) continue;
    const last = settled.at(-1);
    if (last === undefined || next.start >= last.end) {
      settled.push(next);
      continue;
    }
    const longer = last.end - last.start >= next.end - next.start ? last : next;
    settled[settled.length - 1] = { ...longer, start: last.start, end: next.end };
  }
  return settled;
}

// Of two kinds that claim the very same text the wanted one counts, then the one with the stronger check.
const BY_STRENGTH: readonly PiiKind[] = ['card', 'iban', 'email', 'ip', 'ssn', 'national_id', 'phone'];
const RANKS = BY_STRENGTH.length;
