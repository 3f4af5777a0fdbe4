import type { Finding } from '../../model/finding.ts';
import type { JsonValue } from '../../model/json.ts';
import { PII_KINDS } from '../../policy/rule.ts';
import type { Direction } from '../prompt/direction.ts';
import { inspectText } from '../prompt/inspect-text.ts';
import { findPersonalData } from '../pii/find-personal-data.ts';
import type { CompiledPattern } from '../pii/pattern.ts';
import { patternFinding, personalFinding } from '../pii/personal-finding.ts';
import { findNamedSecrets } from '../secret/find-named-secrets.ts';
import type { KnownValues } from '../secret/known-values.ts';
import { knownSecretFinding, secretFinding } from '../secret/secret-finding.ts';
import { type ContentText, type ContentTexts, contentTextsOf } from './content-text.ts';

/** What is looked for in the texts of a call or a result. */
export interface ContentScan {
  readonly direction: Direction;
  readonly text: boolean;
  readonly secrets: boolean;
  /** Personal data of every kind, and what these patterns match; absent where nobody asks for it. */
  readonly personal?: readonly CompiledPattern[];
  readonly known: KnownValues;
}

/** Most of one value that is scanned, in UTF-16 units of all its texts together. What is beyond it is a finding. */
export const MAX_CONTENT_LENGTH = 1_048_576;

/** So much is read in one piece; short texts are put together, long ones are cut with an overlap. */
const PIECE_LENGTH = 131_072;
const OVERLAP = 4096;

/** Most findings of one value. */
const MOST_FINDINGS = 500;

/**
 * What the texts of a value hold, a piece at each step, so that whoever drives it can do something else between.
 * Each finding stands once for each text. Takes time linear in the value, 0.3 ms for a KB with everything asked
 * for; known values are looked for beyond the limit, too.
 */
export function scanContent(value: JsonValue, scan: ContentScan): Generator<undefined, readonly Finding[]> {
  return scanTexts(textsToScan(value, scan), scan);
}

/** The texts of a value that a scan is about; none where it looks for nothing. */
export function textsToScan(value: JsonValue, scan: ContentScan): ContentTexts {
  return reads(scan) || !scan.known.empty ? contentTextsOf(value, scan.personal !== undefined) : NOTHING;
}

const NOTHING: ContentTexts = Object.freeze({ texts: [], complete: true });

function reads({ text, secrets, personal }: ContentScan): boolean {
  return text || secrets || personal !== undefined;
}

/** What these texts hold, as `scanContent` says. */
export function* scanTexts(
  { texts, complete }: ContentTexts,
  scan: ContentScan,
): Generator<undefined, readonly Finding[]> {
  const reading = reads(scan);
  const found = new Findings();
  if (!complete) found.add(unread(''));
  let left = reading ? MAX_CONTENT_LENGTH : 0;
  let piece: ContentText[] = [];
  let length = 0;
  let beyond: string | undefined;
  for (const content of texts) {
    const { at, text } = content;
    if (!scan.known.empty && scan.known.find(text).length > 0) found.add(knownSecretFinding(at));
    if (!reading) continue;
    if (left === 0) {
      beyond ??= at;
      continue;
    }
    const readable = text.slice(0, left);
    if (readable.length < text.length) beyond = at;
    left -= readable.length;
    for (const part of partsOf(readable)) {
      if (length + part.length > PIECE_LENGTH) {
        readPiece(piece, scan, found);
        piece = [];
        length = 0;
        yield undefined;
      }
      piece.push({ ...content, text: part });
      length += part.length;
    }
  }
  readPiece(piece, scan, found);
  if (beyond !== undefined) found.add(unread(beyond));
  return found.all;
}

/** Scans without a pause. */
export function scanContentAtOnce(value: JsonValue, scan: ContentScan): readonly Finding[] {
  return scanTextsAtOnce(textsToScan(value, scan), scan);
}

/** The same of texts. */
export function scanTextsAtOnce(texts: ContentTexts, scan: ContentScan): readonly Finding[] {
  const steps = scanTexts(texts, scan);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

class Findings {
  readonly all: Finding[] = [];
  readonly #seen = new Set<string>();

  add(finding: Finding): void {
    const key = `${finding.id} ${finding.severity} ${finding.at}`;
    // SECURITY: what denies is never one too many.
    const full = this.all.length >= MOST_FINDINGS && finding.denies === undefined;
    if (full || this.#seen.has(key)) return;
    this.#seen.add(key);
    this.all.push(finding);
  }
}

function unread(at: string): Finding {
  const message = `only the first ${MAX_CONTENT_LENGTH} characters were read`;
  return { id: 'text.unread', at, severity: 'medium', message };
}

function partsOf(text: string): readonly string[] {
  if (text.length <= PIECE_LENGTH) return [text];
  const parts: string[] = [];
  for (let from = 0; from < text.length; from += PIECE_LENGTH - OVERLAP) {
    parts.push(text.slice(from, from + PIECE_LENGTH));
    if (from + PIECE_LENGTH >= text.length) break;
  }
  return parts;
}

function readPiece(piece: readonly ContentText[], scan: ContentScan, found: Findings): void {
  const texts = piece.filter(({ number }) => number !== true);
  if (scan.text) readTexts(texts, scan.direction, found);
  if (scan.secrets) readSecrets(texts, found);
  if (scan.personal !== undefined) readPersonalData(piece, scan.personal, found);
}

function readSecrets(texts: readonly ContentText[], found: Findings): void {
  for (const { text, key, at } of texts) {
    for (const secret of findNamedSecrets(text, key)) {
      const finding = secretFinding(secret, at);
      if (finding !== undefined) found.add(finding);
    }
  }
}

function readPersonalData(
  texts: readonly ContentText[],
  patterns: readonly CompiledPattern[],
  found: Findings,
): void {
  for (const { text, key, at } of texts) {
    for (const data of findPersonalData(text, PII_KINDS, key)) found.add(personalFinding(data, at));
    for (const pattern of patterns) {
      if (pattern.find(text).length > 0) found.add(patternFinding(pattern, at));
    }
  }
}

/** A model reads the texts one after the other, and so do we: what is cut in two is still one instruction. */
function readTexts(piece: readonly ContentText[], direction: Direction, found: Findings): void {
  const starts: number[] = [];
  let whole = '';
  for (const { text } of piece) {
    starts.push(whole.length);
    whole += `${text}\n\n`;
  }
  for (const { span, ...finding } of inspectText(whole, { place: '', direction })) {
    const place = starts.findLastIndex((start) => start <= span.start);
    found.add({ ...finding, at: piece[place]?.at ?? '' });
  }
}
