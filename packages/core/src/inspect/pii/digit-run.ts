/** Digits without a break, and what stands between them and the digits before. */
export interface DigitGroup {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
  /** Undefined for the first group of a run. */
  readonly gap: string | undefined;
}

/** Groups of digits that one number could be written in: `(555) 010-1234` is one run of three. */
export type DigitRun = readonly DigitGroup[];

/** Fewer digits are no personal number of any kind. */
const FEWEST_DIGITS = 7;

const GAPS: ReadonlySet<string> = new Set([
  ' ',
  '-',
  '.',
  '/',
  '(',
  ')',
  ') ',
  ')-',
  ').',
  ' (',
  '-(',
  ' - ',
  ')(',
  ') (',
]);
const LONGEST_GAP = 3;

/** Calls back for every run with enough digits, from left to right, in time linear in the text. */
export function eachDigitRun(text: string, visit: (run: DigitRun) => void): void {
  let run: DigitGroup[] = [];
  let digits = 0;
  const close = (): void => {
    if (digits >= FEWEST_DIGITS) visit(run);
    run = [];
    digits = 0;
  };
  for (let at = 0; at < text.length; at++) {
    if (!isDigit(text.charCodeAt(at))) continue;
    const start = at;
    while (isDigit(text.charCodeAt(at))) at++;
    const end = run.at(-1)?.end;
    const distance = end === undefined ? 0 : start - end;
    let gap: string | undefined;
    if (end !== undefined) {
      gap = distance <= LONGEST_GAP ? text.slice(end, start) : undefined;
      if (gap === undefined || !GAPS.has(gap)) {
        gap = undefined;
        close();
      }
    }
    run.push({ start, end: at, digits: text.slice(start, at), gap });
    digits += at - start;
  }
  close();
}

/** Whether a run can have so many digits. */
export function hasDigitRun(text: string, fewest: number): boolean {
  let digits = 0;
  let gap = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) {
      gap = 0;
      if (++digits >= fewest) return true;
    } else if (digits > 0 && (++gap > LONGEST_GAP || !standsInGap(code))) {
      digits = 0;
      gap = 0;
    }
  }
  return false;
}

/** A blank, or one of `()-./`. */
function standsInGap(code: number): boolean {
  return code === 0x20 || code === 0x28 || code === 0x29 || (code >= 0x2d && code <= 0x2f);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
