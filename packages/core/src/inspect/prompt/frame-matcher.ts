import type { Frame } from './frames/frame.ts';
import { FRAMES } from './frames/frames.ts';
import { CONCEPTS, type Concept } from './lexicon/concept.ts';
import { LEXICONS } from './lexicon/lexicons.ts';

/** A frame that a text fills. */
export interface FrameMatch {
  readonly frame: Frame;
  readonly start: number;
  /** Of the words that filled it first. */
  readonly firstEnd: number;
  end: number;
  readonly word: number;
}

const INDEX: ReadonlyMap<Concept, number> = new Map(CONCEPTS.map((concept, i) => [concept, i]));

/** The index of a concept, which is what texts are read as. */
export function indexOf(concept: Concept): number {
  return INDEX.get(concept) ?? 0;
}

const NOT = indexOf('not');
const DROP = indexOf('drop');
export const DISCUSSION = indexOf('discussion');
export const DESTINATION = indexOf('destination');
export const TODO = indexOf('todo');
const MUST = indexOf('must');
const REVEAL = indexOf('reveal');
const READER = indexOf('reader');
const FEW_READERS = 3;
const ENGLISH = 0;

interface CompiledFrame {
  readonly frame: Frame;
  readonly slots: readonly (readonly number[])[];
}

const OF_CONCEPT: readonly (readonly CompiledFrame[])[] = (() => {
  const compiled = FRAMES.map((frame) => ({ frame, slots: frame.slots.map((slot) => slot.map(indexOf)) }));
  return CONCEPTS.map((_, concept) =>
    compiled.filter(({ slots }) => slots.some((slot) => slot.includes(concept))),
  );
})();

/** Most places of one frame that are reported. */
const MOST_OF_A_FRAME = 8;
const DISCUSSION_REACH = 16;
const FAR = -1e9;
const FAR_AWAY = 1e9;

/**
 * Holds the phrases of one text against the frames, as they come. All phrases of a match are of one
 * language or of English. Remembers the last phrase of each concept and language, and nothing else.
 */
export class FrameMatcher {
  readonly matches: FrameMatch[] = [];
  readonly #words = new Float64Array(CONCEPTS.length * LEXICONS.length).fill(FAR);
  readonly #sentences = new Int32Array(CONCEPTS.length * LEXICONS.length);
  readonly #starts = new Int32Array(CONCEPTS.length * LEXICONS.length);
  readonly #ends = new Int32Array(CONCEPTS.length * LEXICONS.length);
  readonly #current = new Map<Frame, FrameMatch>();
  readonly #counts = new Map<Frame, number>();
  readonly #discussions: number[] = [];
  #readers = 0;
  #foreign = ENGLISH;
  #notStart = 0;
  #notWord = FAR;

  see(concept: number, language: number, start: number, end: number, word: number, sentence: number): void {
    if (concept === NOT) {
      this.#notStart = start;
      this.#notWord = word;
      // `The agent must not send it` gives no task.
      const must = language * CONCEPTS.length + MUST;
      if (this.#starts[must] === start) this.#words[must] = FAR;
      return;
    }
    if (concept === DISCUSSION) {
      if (this.#discussions.at(-1) !== word) this.#discussions.push(word);
      return;
    }
    if (concept === READER) this.#readers++;
    // `Do not ignore the instructions` and `never reveal the key` ask for the contrary.
    const forbidden = this.#notStart < start ? word - this.#notWord : FAR_AWAY;
    if (forbidden <= (concept === DROP ? 2 : concept === REVEAL ? 2 : 0)) return;
    const slot = language * CONCEPTS.length + concept;
    this.#words[slot] = word;
    this.#sentences[slot] = sentence;
    this.#starts[slot] = start;
    this.#ends[slot] = end;
    for (const compiled of OF_CONCEPT[concept] ?? []) {
      if (this.#fills(compiled, concept, language, language, start, end, word, sentence)) continue;
      if (language === ENGLISH && this.#foreign !== ENGLISH) {
        this.#fills(compiled, concept, language, this.#foreign, start, end, word, sentence);
      }
    }
    if (language !== ENGLISH) this.#foreign = language;
  }

  /** An address that is no word of any language. */
  destination(at: number, word: number, sentence: number): void {
    this.see(DESTINATION, ENGLISH, at, at + 1, word, sentence);
  }

  /** Whether the text speaks of assistants all along. */
  get isOfAssistants(): boolean {
    return this.#readers > FEW_READERS;
  }

  /** Whether words near a place talk about attacks instead of making one. */
  isDiscussed(word: number): boolean {
    return this.#discussions.some((other) => Math.abs(other - word) <= DISCUSSION_REACH);
  }

  #fills(
    { frame, slots }: CompiledFrame,
    concept: number,
    termLanguage: number,
    language: number,
    start: number,
    end: number,
    word: number,
    sentence: number,
  ): boolean {
    // Readers have names in English only.
    if (frame.outOfPlace === true && language !== ENGLISH) return false;
    if (frame.foreign === true && language === ENGLISH) return false;
    let from = start;
    let to = end;
    let taken = false;
    let before = FAR;
    let own = 0;
    for (const slot of slots) {
      if (!taken && slot.includes(concept)) {
        taken = true;
        if (frame.ordered === true && language === ENGLISH && word < before) return false;
        before = word;
        continue;
      }
      let nearest = -1;
      for (const other of slot) {
        const slotOf = language * CONCEPTS.length + other;
        if (nearest === -1 || (this.#words[slotOf] ?? FAR) > (this.#words[nearest] ?? FAR)) nearest = slotOf;
        if (language !== ENGLISH && (this.#words[other] ?? FAR) > (this.#words[nearest] ?? FAR))
          nearest = other;
      }
      const near = this.#words[nearest] ?? FAR;
      if (word - near > frame.window) return false;
      if (frame.sentence === true && this.#sentences[nearest] !== sentence) return false;
      if (frame.ordered === true && language === ENGLISH && (near < before || taken)) return false;
      before = near;
      if (nearest >= CONCEPTS.length) own++;
      from = Math.min(from, this.#starts[nearest] ?? start);
      to = Math.max(to, this.#ends[nearest] ?? end);
    }
    // One word of another language among English ones is a coincidence.
    if (language !== ENGLISH && 2 * (own + (termLanguage === ENGLISH ? 0 : 1)) < slots.length) return false;
    this.#note(frame, from, to, word);
    return true;
  }

  #note(frame: Frame, start: number, end: number, word: number): void {
    const current = this.#current.get(frame);
    if (current !== undefined && start <= current.end) {
      current.end = Math.max(current.end, end);
      return;
    }
    const count = this.#counts.get(frame) ?? 0;
    if (count >= MOST_OF_A_FRAME) return;
    this.#counts.set(frame, count + 1);
    const match = { frame, start, firstEnd: end, end, word };
    this.#current.set(frame, match);
    this.matches.push(match);
  }
}
