const FORWARDS = 1;
const BACKWARDS = 2;
/** Letters and digits in the orders that people type to fill a place. */
const ORDERS = ['abcdefghijklmnopqrstuvwxyza', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
const CODES = 128;

/** Which way one character follows another in an order; 0 where it does not. */
const FOLLOWS: Uint8Array = (() => {
  const follows = new Uint8Array(CODES * CODES);
  for (const order of ORDERS) {
    for (let at = 1; at < order.length; at++) {
      follows[order.charCodeAt(at - 1) * CODES + order.charCodeAt(at)] = FORWARDS;
      follows[order.charCodeAt(at) * CODES + order.charCodeAt(at - 1)] = BACKWARDS;
    }
  }
  return follows;
})();

/** What counts as typed in order. */
export interface SequenceOptions {
  /** Fewest characters of a run. */
  readonly shortestRun: number;
  /** Runs of one strand, or also of two that alternate: `a1b2c3d4e5f6`. */
  readonly strands: 1 | 2;
}

/**
 * Whether most of a value is typed along the alphabet, the digits or a keyboard: `abcdefghij1234567890`. What is drawn
 * at random hardly ever is. Takes time linear in the value.
 */
export function isSequential(value: string, { shortestRun, strands }: SequenceOptions): boolean {
  const lower = value.toLowerCase();
  const inRun = new Uint8Array(lower.length);
  markRuns(lower, { stride: 1, shortest: shortestRun }, inRun);
  if (strands === 2) markRuns(lower, { stride: 2, shortest: shortestRun * 2 }, inRun);
  let counted = 0;
  let hits = 0;
  for (let at = 0; at < lower.length; at++) {
    if (!isAlnum(lower.charCodeAt(at))) continue;
    counted++;
    hits += inRun[at] ?? 0;
  }
  return counted >= SHORTEST && hits >= LEAST_SHARE * counted;
}

/** What is shorter may be the password of somebody. */
const SHORTEST = 12;
const LEAST_SHARE = 0.7;

/** Marks the characters of runs, each of which follows the one so many before it. */
function markRuns(
  text: string,
  { stride, shortest }: { readonly stride: number; readonly shortest: number },
  marks: Uint8Array,
): void {
  let start = 0;
  const close = (end: number): void => {
    if (end - start >= shortest) marks.fill(1, start, end);
  };
  for (let at = stride; at < text.length; at++) {
    const way = wayTo(text, at, stride);
    const before = at - stride > start ? wayTo(text, at - 1, stride) : way;
    if (way !== 0 && (stride > 1 || before === 0 || way === before)) continue;
    close(at);
    start = at - stride + 1;
  }
  close(text.length);
}

function wayTo(text: string, at: number, stride: number): number {
  const from = text.charCodeAt(at - stride);
  const to = text.charCodeAt(at);
  return from < CODES && to < CODES ? (FOLLOWS[from * CODES + to] ?? 0) : 0;
}

function isAlnum(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a);
}
