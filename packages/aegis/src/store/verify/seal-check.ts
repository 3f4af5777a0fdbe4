import type { LedgerFinding } from '@aegis/core';
import type { SealedPart } from '../../ledger-ports.ts';
import type { Found } from './found.ts';

/** The parts of the positions by which logs grew: they lie side by side, and logs that grew at once share them. */
export class SealedPositions {
  #after = 0;
  #through = 0;

  /** Where the newest part ends. */
  get through(): number {
    return this.#through;
  }

  /** Takes the part in which a log has a leaf at `position`; answers whether it is where it must be. */
  takes({ after, through }: SealedPart, position: number): boolean {
    if (position <= this.#through) return after === this.#after && through === this.#through;
    if (after !== this.#through || position !== after + 1 || through < position) return false;
    this.#after = after;
    this.#through = through;
    return true;
  }
}

/** What the store keeps of the positions that became leaves of one log, held against the leaves. */
export class SealCheck {
  readonly #log: string;
  readonly #parts: AsyncIterator<SealedPart>;
  readonly #positions: SealedPositions;
  readonly #found: Found;
  readonly #ahead: SealedPart[] = [];
  #part: SealedPart | undefined;
  #through = 0;
  #isEnd = false;

  constructor(log: string, parts: AsyncIterable<SealedPart>, positions: SealedPositions, found: Found) {
    this.#log = log;
    this.#parts = parts[Symbol.asyncIterator]();
    this.#positions = positions;
    this.#found = found;
  }

  /** The position up to which `next` need not be called. */
  get through(): number {
    return this.#through;
  }

  /** Reads ahead what `leaves` more leaves can need. */
  async prepare(leaves: number): Promise<void> {
    // The part that is at hand, those in which the leaves are, and one more, which says whether there is any.
    while (this.#ahead.length <= leaves && !this.#isEnd) {
      const { value, done } = await this.#parts.next();
      if (done === true) this.#isEnd = true;
      else this.#ahead.push(value);
    }
  }

  /** Takes a leaf behind `through`: `count` leaves are before it. */
  next(position: number, count: number): void {
    if (this.#part !== undefined && this.#part.size !== count) return this.#wrong(this.#part, count);
    const part = this.#ahead.shift();
    if (part === undefined) return this.#missing(position);
    if (part.through < position || !this.#positions.takes(part, position)) return this.#wrong(part, count);
    this.#part = part;
    this.#through = part.through;
  }

  /** After the last leaf, of `count`. */
  end(count: number): void {
    if (this.#through === Number.MAX_SAFE_INTEGER) return;
    if (this.#part !== undefined && this.#part.size !== count) return this.#wrong(this.#part, count);
    const [rest] = this.#ahead;
    if (rest !== undefined) this.#wrong(rest, count);
  }

  /** Nothing more is judged: what follows stands on what is wrong. */
  stop(): void {
    this.#through = Number.MAX_SAFE_INTEGER;
  }

  #wrong({ after, through, size }: SealedPart, count: number): void {
    const message = `the store says that the positions from ${after + 1} to ${through} end in leaf ${size}, which the events do not give`;
    this.#tell({ position: Math.max(after + 1, 1), size: count, message });
  }

  #missing(position: number): void {
    this.#tell({
      position,
      message: 'the store does not say by which part of the positions it became a leaf',
    });
  }

  #tell(finding: Pick<LedgerFinding, 'position' | 'size' | 'message'>): void {
    this.#found({ kind: 'seal-mismatch', log: this.#log, ...finding });
    this.stop();
  }
}
