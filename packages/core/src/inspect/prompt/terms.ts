import { isArabic, isHangul, isUnspaced, isWordUnit } from '../text/word.ts';
import { CONCEPTS } from './lexicon/concept.ts';
import { BLANK, childOf, gluedTrie, ROOT, type Trie, wordTrie } from './term-trie.ts';

/**
 * Told of a word or phrase of the lexicons in a text. `concept` and `language` are indices into `CONCEPTS` and
 * `LEXICONS`; `word` says how many words stand before it, with half a word for a character of a script
 * without blanks, and `sentence` how many sentences, cells of tables and items of lists.
 */
export type TermFound = (
  concept: number,
  language: number,
  start: number,
  end: number,
  word: number,
  sentence: number,
) => void;

const LONGEST_GAP = 8;
const LETTERS_OF_A_WORD = 5;
/** Items of lists and cells of tables are as far from each other as if so many words stood between them. */
const APART = 3;

/**
 * Calls back with every phrase of the lexicons in a folded text, in order of their beginnings. Takes time
 * linear in the text: from each beginning of a word at most the longest phrase is looked at.
 */
export function eachTerm(text: string, glued: boolean, found: TermFound): void {
  const trie = glued ? gluedTrie() : wordTrie();
  let word = 0;
  let sentence = 0;
  let inWord = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!isWordUnit(code)) {
      if (code === 0x2e || code === 0x21 || code === 0x3f || code === 0x3002) word += 0.5;
      if (endsSentence(text, at, code)) {
        sentence++;
        if (code === 0x0a || code === 0x7c) word += APART;
      }
      inWord = false;
      continue;
    }
    if (glued) {
      match(trie, text, at, true, at / LETTERS_OF_A_WORD, 0, found);
      continue;
    }
    if (isUnspaced(code)) {
      word += 0.5;
      match(trie, text, at, false, word, sentence, found);
      inWord = false;
      continue;
    }
    if (inWord) continue;
    inWord = true;
    word++;
    match(trie, text, at, false, word, sentence, found);
    // `\n` in a string that stands in a text as it is written in programs.
    if (text[at - 1] === '\\' && (code === 0x6e || code === 0x74 || code === 0x72)) {
      match(trie, text, at + 1, false, word, sentence, found);
    }
    if (isArabic(code)) {
      for (const prefix of ARABIC_PREFIXES) {
        if (text.startsWith(prefix, at)) match(trie, text, at + prefix.length, false, word, sentence, found);
      }
    }
  }
}

const DEEPEST = 16;
/** What an empty line, the item of a list, a heading or the row of a table begins with. */
const ITEM = '\n-*#|>\u2022';

/** A full stop before a blank, a cell of a table, the next item of a list, an empty line. */
function endsSentence(text: string, at: number, code: number): boolean {
  switch (code) {
    case 0x21:
    case 0x3f:
    case 0x7c:
    case 0x3002:
    case 0x0964:
    case 0x061f:
      return true;
    case 0x2e: {
      const next = text.charCodeAt(at + 1);
      return !(next > 0x20 && next !== 0x22 && next !== 0x27 && next !== 0x29);
    }
    case 0x0a: {
      let next = at + 1;
      while (next <= at + DEEPEST && (text[next] === ' ' || text[next] === '\t')) next++;
      return ITEM.includes(text[next] ?? ' ');
    }
    default:
      return false;
  }
}

/** And, then, for, with, the. */
const ARABIC_PREFIXES: readonly string[] = ['و', 'ف', 'ل', 'ب', 'ال', 'وال'];

function match(
  trie: Trie,
  text: string,
  start: number,
  glued: boolean,
  word: number,
  sentence: number,
  found: TermFound,
): void {
  let node = childOf(trie, ROOT, text.charCodeAt(start));
  let at = start + 1;
  while (node !== 0) {
    if (trie.ends[node] === 1) tell(trie, text, node, start, at, glued, word, sentence, found);
    if (at >= text.length) return;
    const code = text.charCodeAt(at);
    if (isWordUnit(code)) {
      node = childOf(trie, node, code);
      at++;
      continue;
    }
    node = childOf(trie, node, BLANK);
    if (node === 0) return;
    const limit = at + LONGEST_GAP;
    while (at < text.length && !isWordUnit(text.charCodeAt(at))) if (++at > limit) return;
  }
}

function tell(
  trie: Trie,
  text: string,
  node: number,
  start: number,
  end: number,
  glued: boolean,
  word: number,
  sentence: number,
  found: TermFound,
): void {
  const ends = glued || endsWord(text, end);
  for (const meaning of trie.meanings.get(node) ?? []) {
    if (!ends && meaning >= 0) continue;
    const index = meaning < 0 ? -1 - meaning : meaning;
    found(index % CONCEPTS.length, Math.floor(index / CONCEPTS.length), start, end, word, sentence);
  }
}

function endsWord(text: string, at: number): boolean {
  if (at >= text.length) return true;
  const next = text.charCodeAt(at);
  if (!isWordUnit(next) || isUnspaced(next)) return true;
  const last = text.charCodeAt(at - 1);
  // `AI로`: what Korean hangs on a word of another script.
  return isUnspaced(last) || isHangul(last) || isHangul(next);
}
