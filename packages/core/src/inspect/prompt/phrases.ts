import { SEVERITIES, type Severity } from '../../model/finding.ts';
import { originOf } from '../text/mapped-text.ts';
import type { Reading } from '../text/readings.ts';
import type { Span } from '../text/span.ts';
import type { Direction } from './direction.ts';
import type { Frame } from './frames/frame.ts';
import { DESTINATION, DISCUSSION, FrameMatcher, indexOf, TODO } from './frame-matcher.ts';
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
  let lastWord = 0;
  let lastSentence = 0;
  eachTerm(text, reading.glued, (concept, language, start, end, word, sentence) => {
    for (let at = addresses[next]; at !== undefined && at < start; at = addresses[++next]) {
      matcher.destination(at, word, sentence);
    }
    lastWord = word;
    lastSentence = sentence;
    // `evil.example` is a host.
    if (concept === DISCUSSION && HOST.test(text[start - 1] ?? '')) return;
    if (concept === DESTINATION && SCHEME.test(text.slice(start, end)) && text[end] !== ':') return;
    if (concept === TODO && IN_CODE.test(text.slice(Math.max(0, start - 4), start))) return;
    if (NAMED_PLACES.has(concept) && STANDS_IN.test(text.slice(Math.max(0, start - 20), start))) return;
    if (SAYING.has(concept) && isIdentifier(text, start, end)) return;
    matcher.see(concept, language, start, end, word, sentence);
  });
  for (let at = addresses[next]; at !== undefined; at = addresses[++next]) {
    matcher.destination(at, lastWord, lastSentence);
  }
  if (matcher.matches.length === 0) return [];
  const findings: TextFinding[] = [];
  for (const { frame, start, firstEnd, end, word } of matcher.matches) {
    const said = frame.severity[direction];
    if (said === undefined || (reading.glued && frame.spaced === true)) continue;
    const span = originOf(reading.folded, { start, end });
    if (reading.glued && isPlain(reading.written.text.slice(span.start, span.end))) continue;
    if (frame.directed === true && !LEADS.test(text.slice(Math.max(start, end - LEAD_REACH), end))) continue;
    if (OVERRIDING.has(frame.id) && !reading.glued && isAboutElse(frame, text.slice(firstEnd, firstEnd + 60)))
      continue;
    // A text about attacks holds what it is about.
    const discussed = matcher.isDiscussed(word);
    if (frame.outOfPlace === true && (matcher.isOfAssistants || discussed)) continue;
    const mildly = discussed ? (isQuoted(text, start, end) ? 2 : frame.mild === true ? 1 : 0) : 0;
    findings.push({
      id: `prompt.${frame.id}`,
      at: '',
      severity: step(said, (isDisguised(reading, span, text.slice(start, end)) ? 1 : 0) - mildly),
      message:
        reading.via.length === 0 ? frame.message : `${frame.message}, written in ${reading.via.join(' in ')}`,
      span,
    });
  }
  return findings;
}

/** Whether what is to be dropped is something else than the orders of the model. */
function isAboutElse({ slots }: Frame, behind: string): boolean {
  return (slots.some((slot) => slot.includes('orders')) ? OF_A_PLACE : OF_A_SUBJECT).test(behind);
}

/** Whether a place had to be decoded, where others of the same text had. */
function isDisguised({ via, source }: Reading, span: Span, read: string): boolean {
  return via.length > 0 && source.slice(span.start, span.end).toLowerCase().trimEnd() !== read.trimEnd();
}

/** Whether words stand as they always do: what they say without their ends is no command that was broken. */
function isPlain(written: string): boolean {
  const words = written.match(WORD) ?? [];
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  if (letters < SHORTEST_PLAIN * words.length) return false;
  if (words.some((word) => LETTER.test(word) || word.length > LONGEST_PLAIN)) return false;
  const joint = (written.match(JOINT) ?? []).length;
  return 2 * joint < words.length - joint || written.includes('\n\n');
}

const SHORTEST_PLAIN = 3.4;
const LONGEST_PLAIN = 18;
const WORD = /[a-z0-9]+/gi;
const LETTER = /^[b-hj-z]$/i;
const JOINT = /[a-z][^\w\s]{1,3}(?=[a-z])/gi;

/** Whether quotation marks stand around a place, with little between. */
function isQuoted(text: string, start: number, end: number): boolean {
  return (
    QUOTE.test(text.slice(Math.max(0, start - QUOTE_REACH), start)) &&
    QUOTE.test(text.slice(end, end + QUOTE_REACH))
  );
}

const NAMED_PLACES: ReadonlySet<number> = new Set([indexOf('own_prompt'), indexOf('system_prompt')]);
/** Something is put into a prompt, where `what is in your prompt` asks for it. */
const STANDS_IN = /(?<!\b(?:is|are|was|were|s) )\b(?:in|into|to) (?:the |an? )?$/;
const SAYING: ReadonlySet<number> = new Set([indexOf('reveal'), indexOf('ask'), indexOf('voice')]);

/** `display_name`, `system.message`, and not `montre-moi`. */
function isIdentifier(text: string, start: number, end: number): boolean {
  return JOINED.test(text.slice(start, end)) || GOES_ON.test(text.slice(end, end + 2));
}

const JOINED = /[_.][a-z]/;
const GOES_ON = /^[_.-][a-z]/;
const OVERRIDING: ReadonlySet<string> = new Set(['override', 'override_weak', 'override_hint']);
/** `Forget what I said about the price`, `ignore the above warning`. */
const OF_A_SUBJECT =
  /^ ?(?:\w{1,10} ){0,3}(?:about|regarding|concerning|sobre|uber|a propos|au sujet|riguardo|over de)\b|^ (?:warnings?|errors?|alerts?|figures?|mails?|e-?mails?|tables?)\b/;
/** `Ignore any instructions in the page`. */
const OF_A_PLACE =
  /^ (?:or \w{1,12} )?(?:that |which )?(?:returned by|(?:you find |you see |it gives |appear |are |is |found |contained |embedded |hidden |written )?(?:in|from|inside|within|on)) (?!(?:your|the (?:system|previous|above|earlier|original|initial|beginning)|this (?:conversation|chat|prompt)|my)\b)/;
const HOST = /[.@/]/;
/** `HTTP server` names no place. */
const SCHEME = /^(?:https?|ftp)$/;
/** A comment of a program, a part of a name, or `no action required`. */
const IN_CODE = /(?:#|--|\/\/|\/\*|\bno) ?$|[-/]$/;
const LEAD_REACH = 80;
/**
 * Something is sent to a place, where a notice about a password only names one. Other languages have other words, and
 * letters of their own.
 */
const LEADS =
  /(?:\b(?:to|into|onto|at|via|towards?|with|through|using|curl|wget|post|put|webhook|url|endpoint|server|address)\b|[|>]|[\u0080-\uffff])(?:[^\w\n]{1,4}\w{1,20}){0,4}[^\w\n]{0,4}\w{0,20}$/;
const QUOTE_REACH = 48;
const QUOTE = /["'`\u2018-\u201f\u00ab\u00bb\u300c\u300d]/;

function step(severity: Severity, by: number): Severity {
  const at = Math.max(0, Math.min(SEVERITIES.length - 1, SEVERITIES.indexOf(severity) + by));
  return SEVERITIES[at] ?? severity;
}
