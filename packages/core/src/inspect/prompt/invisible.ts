import type { Severity } from '../../model/finding.ts';
import type { TextFinding } from './text-finding.ts';

interface Channel {
  readonly id: string;
  /** Linear: one class repeated, with bounded surroundings. */
  readonly pattern: RegExp;
  readonly severity: Severity;
  readonly message: string;
  /** Fewest of them; fewer are usual. */
  readonly least: number;
}

/** Ways to write what a person does not see and a model reads. */
const CHANNELS: readonly Channel[] = [
  {
    id: 'tag_characters',
    // The flags of regions are a black flag, at most six tags and the tag that ends them.
    pattern:
      /(?<![\u{1f3f4}\u{e0020}-\u{e007e}])[\u{e0020}-\u{e007e}]{2,}|(?<=\u{1f3f4})(?:[\u{e0020}-\u{e007e}]{7,}|[\u{e0020}-\u{e007e}]{2,6}(?![\u{e0020}-\u{e007f}]))/gu,
    severity: 'high',
    message: 'holds text in tag characters, which nobody sees',
    least: 1,
  },
  {
    id: 'variation_selectors',
    pattern: /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{3,}/gu,
    severity: 'high',
    message: 'holds bytes in variation selectors, which nobody sees',
    least: 1,
  },
  {
    id: 'zero_width',
    pattern: /(?<=[a-z])[\u00ad\u200b\u2060-\u2064\ufeff](?=[a-z])/gi,
    severity: 'low',
    message: 'holds invisible characters inside of words',
    least: 3,
  },
  {
    id: 'zero_width_run',
    pattern: /[\u200b-\u200d\u2060-\u2064\ufeff]{8,}/g,
    severity: 'medium',
    message: 'holds a long run of zero-width characters',
    least: 1,
  },
  {
    id: 'bidi_override',
    pattern: /[\u202d\u202e]/g,
    severity: 'medium',
    message: 'turns the direction of the text, so that it reads differently than it is',
    least: 1,
  },
  {
    id: 'terminal_hidden',
    // Concealed (SGR 8), or black on black.
    pattern: /\u001b\[(?:\d{1,3};){0,4}8m|\u001b\[30;40m|\u001b\[40;30m|\u001b\[38;5;(\d{1,3});48;5;\1m/g,
    severity: 'high',
    message: 'hides text from a terminal',
    least: 1,
  },
];

/** Characters and sequences that hide text. Takes time linear in the text. */
export function findInvisible(text: string): readonly TextFinding[] {
  if (!WORTHWHILE.test(text)) return [];
  const findings: TextFinding[] = [];
  for (const { id, pattern, severity, message, least } of CHANNELS) {
    const places = [...text.matchAll(pattern)];
    const [first] = places;
    const last = places.at(-1);
    if (first === undefined || last === undefined || places.length < least) continue;
    const span = { start: first.index, end: last.index + last[0].length };
    findings.push({ id: `text.${id}`, at: '', severity, message, span });
  }
  return findings;
}

const WORTHWHILE = /[\ufe00-\ufe0f\u00ad\u001b\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\udb40]/;
