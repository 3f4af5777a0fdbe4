import { foldPhrase } from '../text/fold.ts';
import { isUnspaced, isWordUnit } from '../text/word.ts';
import { CONCEPTS } from './lexicon/concept.ts';
import { LEXICONS } from './lexicon/lexicons.ts';

/** What a phrase stands for where it ends, `concept + language * CONCEPTS.length`; negative where the word may go on. */
type Meaning = number;

/**
 * All phrases of all languages as one trie in arrays: `child` is the first child, `sibling` the next one of
 * the same parent, `unit` what leads to a node. 0 is no node.
 */
export interface Trie {
  /** The node of each first unit: 0 where no phrase is as short as that. */
  readonly firsts: ReadonlyMap<number, number>;
  /** The node of each pair of first units. */
  readonly roots: ReadonlyMap<number, number>;
  readonly child: Int32Array;
  readonly sibling: Int32Array;
  readonly unit: Uint16Array;
  /** 1 where a phrase ends. */
  readonly ends: Uint8Array;
  readonly meanings: ReadonlyMap<number, readonly Meaning[]>;
}

/** What stands for everything between two words. */
export const BLANK = 0x20;
/** Of words that are written without blanks only long ones count: short ones stand inside of others. */
const SHORTEST_GLUED = 5;

/** The child of a node by a unit; 0 for none. */
export function childOf(
  { child, sibling, unit }: Pick<Trie, 'child' | 'sibling' | 'unit'>,
  parent: number,
  code: number,
): number {
  let node = child[parent] ?? 0;
  while (node !== 0 && unit[node] !== code) node = sibling[node] ?? 0;
  return node;
}

/** Most nodes that all lexicons together may need. */
const MAX_NODES = 1 << 17;

function build(glued: boolean): Trie {
  const firsts = new Map<number, number>();
  const roots = new Map<number, number>();
  const meanings = new Map<number, Meaning[]>();
  const child = new Int32Array(MAX_NODES);
  const sibling = new Int32Array(MAX_NODES);
  const unit = new Uint16Array(MAX_NODES);
  const ends = new Uint8Array(MAX_NODES);
  const trie = { firsts, roots, child, sibling, unit, ends, meanings };
  let count = 1;
  const under = (parent: number, code: number): number => {
    const known = childOf(trie, parent, code);
    if (known !== 0) return known;
    unit[count] = code;
    sibling[count] = child[parent] ?? 0;
    child[parent] = count;
    return count++;
  };
  const nodeOf = (phrase: string): number => {
    const first = phrase.charCodeAt(0);
    if (phrase.length === 1) {
      const known = firsts.get(first) ?? 0;
      if (known === 0) firsts.set(first, count);
      return known === 0 ? count++ : known;
    }
    if (!firsts.has(first)) firsts.set(first, 0);
    const root = first * 0x10000 + phrase.charCodeAt(1);
    let node = roots.get(root);
    if (node === undefined) {
      node = count++;
      roots.set(root, node);
    }
    for (let at = 2; at < phrase.length; at++) node = under(node, phrase.charCodeAt(at));
    return node;
  };
  for (const [language, lexicon] of LEXICONS.entries()) {
    for (const [concept, name] of CONCEPTS.entries()) {
      for (const entry of lexicon[name]?.split(' | ') ?? []) {
        const phrase = spelling(entry.replaceAll('*', ''), glued);
        if (phrase === undefined) continue;
        const node = nodeOf(phrase);
        const index = concept + language * CONCEPTS.length;
        const meaning = entry.endsWith('*') ? -1 - index : index;
        ends[node] = 1;
        const known = meanings.get(node);
        if (known === undefined) meanings.set(node, [meaning]);
        else if (!known.includes(meaning)) known.push(meaning);
      }
    }
  }
  return trie;
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
