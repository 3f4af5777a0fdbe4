import { foldPhrase } from '../text/fold.ts';
import { isUnspaced, isWordUnit } from '../text/word.ts';
import { CONCEPTS } from './lexicon/concept.ts';
import { LEXICONS } from './lexicon/lexicons.ts';

/** What a phrase stands for where it ends, `concept + language * CONCEPTS.length`; negative where the word may go on. */
type Meaning = number;

/**
 * All phrases of all languages as one trie. A node is a number, 0 is no node; which node stands below another by a
 * unit is looked up in a table with open addressing, so that a step costs the same below every node.
 */
export interface Trie {
  readonly steps: Steps;
  /** 1 where a phrase ends. */
  readonly ends: Uint8Array;
  readonly meanings: ReadonlyMap<number, readonly Meaning[]>;
}

/** Of each place of the table the node above, the unit, and the node below; 0 below in an empty place. */
interface Steps {
  readonly above: Int32Array;
  readonly unit: Uint16Array;
  readonly below: Int32Array;
}

/** The node that every phrase begins at. */
export const ROOT = 1;
/** What stands for everything between two words. */
export const BLANK = 0x20;
/** Of words that are written without blanks only long ones count: short ones stand inside of others. */
const SHORTEST_GLUED = 5;

/** The node below another by a unit; 0 for none. */
export function childOf({ steps }: Pick<Trie, 'steps'>, node: number, code: number): number {
  return steps.below[placeOf(steps, node, code)] ?? 0;
}

/** Where a step stands in the table, or is to be put. */
function placeOf({ above, unit, below }: Steps, node: number, code: number): number {
  let place = Math.imul(Math.imul(node, 0x9e3779b1) ^ code, 0x85ebca6b) >>> SHIFT;
  while (below[place] !== 0 && (above[place] !== node || unit[place] !== code)) {
    place = (place + 1) & (PLACES - 1);
  }
  return place;
}

/** More than twice the nodes that all lexicons together need. */
const PLACES = 1 << 17;
const SHIFT = 32 - 17;

function build(glued: boolean): Trie {
  const steps: Steps = {
    above: new Int32Array(PLACES),
    unit: new Uint16Array(PLACES),
    below: new Int32Array(PLACES),
  };
  const ends = new Uint8Array(PLACES);
  const meanings = new Map<number, Meaning[]>();
  let last = ROOT;
  const under = (node: number, code: number): number => {
    const place = placeOf(steps, node, code);
    const known = steps.below[place] ?? 0;
    if (known !== 0) return known;
    if (++last > PLACES / 2) throw new RangeError('the lexicons have outgrown their table');
    steps.above[place] = node;
    steps.unit[place] = code;
    steps.below[place] = last;
    return last;
  };
  for (const [language, lexicon] of LEXICONS.entries()) {
    for (const [concept, name] of CONCEPTS.entries()) {
      for (const entry of lexicon[name]?.split(' | ') ?? []) {
        const phrase = spelling(entry.replaceAll('*', ''), glued);
        if (phrase === undefined) continue;
        let node = ROOT;
        for (let at = 0; at < phrase.length; at++) node = under(node, phrase.charCodeAt(at));
        const index = concept + language * CONCEPTS.length;
        const meaning = entry.endsWith('*') ? -1 - index : index;
        ends[node] = 1;
        const known = meanings.get(node);
        if (known === undefined) meanings.set(node, [meaning]);
        else if (!known.includes(meaning)) known.push(meaning);
      }
    }
  }
  return { steps, ends, meanings };
}

function spelling(entry: string, glued: boolean): string | undefined {
  const folded = foldPhrase(entry);
  let phrase = '';
  for (let at = 0; at < folded.length; at++) {
    if (isWordUnit(folded.charCodeAt(at))) phrase += folded[at];
    else if (!glued && !phrase.endsWith(' ')) phrase += ' ';
  }
  phrase = phrase.trim();
  if (phrase === '') return undefined;
  if (glued && (phrase.length < SHORTEST_GLUED || isUnspaced(phrase.charCodeAt(0)))) return undefined;
  return phrase;
}

let words: Trie | undefined;
let letters: Trie | undefined;

/** Built at first use: reading the lexicons takes longer than most texts. */
export function wordTrie(): Trie {
  words ??= build(false);
  return words;
}

/** The same for texts without blanks. */
export function gluedTrie(): Trie {
  letters ??= build(true);
  return letters;
}
