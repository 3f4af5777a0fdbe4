import { contains, type Span } from '../text/span.ts';
import type { TextFinding } from './text-finding.ts';

/** Attributes and styles that keep an element from being seen. */
const HIDING =
  /display\s?:\s?none|visibility\s?:\s?hidden|opacity\s?:\s?0(?!\.?\d)|font-size\s?:\s?[01](?!\d)|(?:height|width)\s?:\s?0(?!\.?\d)|(?:^|[\s;"'])color\s?[:=]\s?["']?(?:white|transparent|#fff\b|#ffffff\b|rgba\(\d{1,3},\s?\d{1,3},\s?\d{1,3},\s?0\))|(?:left|top|text-indent)\s?:\s?-\d{3,6}|aria-hidden=|\shidden(?:[\s=>]|$)/i;

interface Opening {
  readonly open: RegExp;
  /** What the opening must hold besides. */
  readonly hiding?: RegExp;
  readonly close: string;
}

/**
 * Patterns of places that a person does not see where the text is shown. Linear: each begins with a fixed
 * word, what repeats stops at a character that it has none of, and lengths are bounded.
 */
const OPENINGS: readonly Opening[] = [
  { open: /<!--/g, close: '-->' },
  { open: /\n?\[(?:\/\/|comment|_|hidden|note)\]: ?(?:#|<>) ?[("']/gi, close: '\n' },
  { open: /<[a-z][a-z0-9]{0,15}\s[^<>]{1,800}>/gi, hiding: HIDING, close: '</' },
  { open: /<(?:template|noscript|script|style|title|desc|metadata)\b[^<>]{0,200}>/gi, close: '</' },
  {
    open: /\s(?:alt|title|aria-label|aria-description|data-[a-z-]{1,30}|content|placeholder)\s?=\s?"/gi,
    close: '"',
  },
  {
    open: /\s(?:alt|title|aria-label|aria-description|data-[a-z-]{1,30}|content|placeholder)\s?=\s?'/gi,
    close: "'",
  },
  { open: /!\[/g, close: ']' },
  { open: /[ \t\u00a0]{80}(?=[^|\n]{0,200}(?:\n|$))/g, close: '\n' },
  { open: /\n{20}/g, close: '\n\n\n' },
];

/** Most hidden places of one kind that are looked at, and longest of each. */
const MOST_PLACES = 256;
const LONGEST_PLACE = 16_384;

/** Where a text holds what is not shown. Takes time linear in the text. */
function hiddenPlaces(text: string): readonly Span[] {
  if (!WORTHWHILE.test(text)) return [];
  const places: Span[] = [];
  for (const { open, hiding, close } of OPENINGS) {
    let reach = 0;
    let count = 0;
    for (const match of text.matchAll(open)) {
      const start = match.index + match[0].length;
      if (start < reach || hiding?.test(match[0]) === false) continue;
      if (++count > MOST_PLACES) break;
      const end = text.slice(start, start + LONGEST_PLACE).indexOf(close);
      reach = end === -1 ? Math.min(text.length, start + LONGEST_PLACE) : start + end;
      places.push({ start, end: reach });
    }
  }
  return places;
}

/** What is usual where a person reads it, and never where none does. */
const ADDRESSING: ReadonlySet<string> = new Set(['prompt.authority_hint', 'prompt.reader_task_hint']);

const WORTHWHILE = /[<[]|[ \t\u00a0]{80}|\n{20}/;

/** One finding for each hidden place in which there are others that say something to a model. */
export function findHidden(text: string, found: readonly TextFinding[]): readonly TextFinding[] {
  const telling = found.filter(
    ({ severity, id }) =>
      id.startsWith('prompt.') && severity !== 'info' && (severity !== 'low' || ADDRESSING.has(id)),
  );
  if (telling.length === 0) return [];
  return hiddenPlaces(text)
    .filter((place) => telling.some(({ span }) => contains(place, span)))
    .map((span) => ({
      id: 'prompt.hidden_instruction',
      at: '',
      severity: 'high',
      message: 'speaks to the assistant where a person does not see it',
      span,
    }));
}
