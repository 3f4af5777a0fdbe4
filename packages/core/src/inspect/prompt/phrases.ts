import { SEVERITIES, type Severity } from '../../model/finding.ts';
import { originOf } from '../text/mapped-text.ts';
import type { Reading } from '../text/readings.ts';
import type { Direction } from './direction.ts';
import { DISCUSSION, FrameMatcher } from './frame-matcher.ts';
import { addressesIn } from './addresses.ts';
import { eachTerm } from './terms.ts';
import type { TextFinding } from './text-finding.ts';

/**
 * What the phrases of a reading ask for. Takes time linear in the text: every phrase is held against the
 * frames that its concept belongs to, each of which looks at the last phrase of each concept only.
 */
export function findPhrases(reading: Reading, direction: Direction): readonly TextFinding[] {
  const { text } = reading.folded;
  const matcher = new FrameMatcher();
  const addresses = reading.glued ? [] : addressesIn(text);
  let next = 0;
  eachTerm(text, reading.glued, (concept, language, start, end, word) => {
    for (let at = addresses[next]; at !== undefined && at < start; at = addresses[++next]) {
      matcher.destination(at, word);
    }
    // `evil.example` is a host.
    if (concept === DISCUSSION && HOST.test(text[start - 1] ?? '')) return;
    matcher.see(concept, language, start, end, word);
  });
  if (matcher.matches.length === 0) return [];
  const findings: TextFinding[] = [];
  for (const { frame, start, end, word } of matcher.matches) {
    const said = frame.severity[direction];
    if (said === undefined || (reading.glued && frame.spaced === true)) continue;
    if (frame.directed === true && !LEADS.test(text.slice(Math.max(start, end - LEAD_REACH), end))) continue;
    // A text about attacks holds what it is about.
    const discussed = matcher.isDiscussed(word);
    const mildly = discussed ? (isQuoted(text, start, end) ? 2 : frame.mild === true ? 1 : 0) : 0;
    findings.push({
      id: `prompt.${frame.id}`,
      at: '',
      severity: step(said, (reading.via.length > 0 ? 1 : 0) - mildly),
      message:
        reading.via.length === 0 ? frame.message : `${frame.message}, written in ${reading.via.join(' in ')}`,
      span: originOf(reading.folded, { start, end }),
    });
  }
  return findings;
}

/** Whether quotation marks stand around a place, with little between. */
function isQuoted(text: string, start: number, end: number): boolean {
  return (
    QUOTE.test(text.slice(Math.max(0, start - QUOTE_REACH), start)) &&
    QUOTE.test(text.slice(end, end + 2 * QUOTE_REACH))
  );
}

const HOST = /[.@/]/;
const LEAD_REACH = 80;
/**
 * Something is sent to a place, where a notice about a password only names one. Other languages have other words, and
 * letters of their own.
 */
const LEADS =
  /(?:\b(?:to|into|onto|at|via|towards?|with|through|using|curl|wget|post|put|webhook|url|endpoint|server|address)\b|[|>]|[\u0080-\uffff])(?:[^\w\n]{1,4}\w{1,20}){0,4}[^\w\n]{0,4}\w{0,20}$/;
const QUOTE_REACH = 24;
const QUOTE = /["'`\u2018-\u201f\u00ab\u00bb\u300c\u300d]/;

function step(severity: Severity, by: number): Severity {
  const at = Math.max(0, Math.min(SEVERITIES.length - 1, SEVERITIES.indexOf(severity) + by));
  return SEVERITIES[at] ?? severity;
}
