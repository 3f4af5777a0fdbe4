import { SEVERITIES } from '../../model/finding.ts';
import { MAX_TEXT_LENGTH, readingsOf } from '../text/readings.ts';
import type { Direction } from './direction.ts';
import { findCommands } from './commands.ts';
import { findExfiltration } from './exfiltration.ts';
import { findHidden } from './hidden.ts';
import { findInvisible } from './invisible.ts';
import { findPhrases } from './phrases.ts';
import { findStructure } from './structure.ts';
import type { TextFinding } from './text-finding.ts';

export interface TextPlace {
  /** RFC 6901 JSON pointer of the text. */
  readonly place: string;
  readonly direction: Direction;
}

/** What is asked of every reading of a text. Adding an inspector means adding a line. */
const OF_READINGS = [findPhrases, findStructure, findExfiltration, findCommands] as const;

/** Most findings of one text; the plainest readings come first. */
const MOST_FINDINGS = 500;

/**
 * What a text does to a model that reads it: commands that drop its instructions, fake roles, hidden text, links
 * that carry data away, in every reading of it (`readings.ts`).
 *
 * INVARIANT: content is scored; no finding denies by itself.
 * Takes time linear in the text: 0.1 to 0.5 ms for a KB.
 */
export function inspectText(text: string, { place, direction }: TextPlace): readonly TextFinding[] {
  const found: TextFinding[] = [];
  const add = (finding: TextFinding): void => {
    if (found.length < MOST_FINDINGS && !isKnown(finding, found)) found.push({ ...finding, at: place });
  };
  for (const reading of readingsOf(text)) {
    for (const find of OF_READINGS) for (const finding of find(reading, direction)) add(finding);
  }
  for (const finding of [...findHidden(text, found), ...findInvisible(text)]) add(finding);
  if (text.length > MAX_TEXT_LENGTH) {
    found.push({
      id: 'text.unread',
      at: place,
      severity: 'medium',
      message: `only the first ${MAX_TEXT_LENGTH} characters were read`,
      span: { start: MAX_TEXT_LENGTH, end: text.length },
    });
  }
  return found;
}

/** Whether the same was said of the same place, as severely: by an earlier, plainer reading, or by another frame. */
function isKnown({ id, severity, span }: TextFinding, found: readonly TextFinding[]): boolean {
  const weight = SEVERITIES.indexOf(severity);
  return found.some(
    (other) =>
      other.id === id &&
      other.span.start < span.end &&
      span.start < other.span.end &&
      SEVERITIES.indexOf(other.severity) >= weight,
  );
}
