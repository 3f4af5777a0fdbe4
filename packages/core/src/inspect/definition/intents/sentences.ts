/** One sentence of a definition, and what it says not to do. */
export interface Sentence {
  readonly text: string;
  /** From here on it forbids; the length of the text where it forbids nothing. */
  readonly forbids: number;
}

const LONGEST = 600;

/** The sentences of a text; a longer one than `LONGEST` is cut. Takes time linear in the text. */
export function sentencesOf(text: string): readonly Sentence[] {
  const sentences: Sentence[] = [];
  for (const part of text.replaceAll(WRAPPED, ' ').split(END)) {
    for (let from = 0; from < part.length; from += LONGEST) {
      const sentence = part.slice(from, from + LONGEST).trim();
      if (sentence.length < SHORTEST) continue;
      const forbids = FORBIDS.exec(sentence)?.index ?? sentence.length;
      sentences.push({ text: sentence, forbids });
    }
  }
  return sentences;
}

const SHORTEST = 8;
// Linear: one character, then at most one.
const END = /[.!?](?=\s)|[\u3002\uff01\uff1f\n]/;
/** The end of a line within a sentence, as editors wrap them: not before an item, nor before `path (string): ...`. */
const WRAPPED = /\r?\n[ \t]{0,40}(?=[a-z`"'(<~/])(?!["'`]?\w{1,40}["'`]?(?: \([^()\n]{0,40}\))? ?:)/g;
/** Each sentence with the one behind it: what is asked for in one, and where it goes in the next. */
export function pairsOf(sentences: readonly Sentence[]): readonly Sentence[] {
  return sentences.slice(1).map((next, i) => {
    const first = sentences[i] ?? next;
    const allowed = first.text.slice(0, first.forbids);
    const text = `${allowed} ${next.text.slice(0, next.forbids)}`;
    return { text, forbids: text.length };
  });
}

/** `Do not include passwords`; `do not tell`, `do not ask` and `without asking` forbid something else. */
const FORBIDS =
  /\b(?:do not|don't|does not|never|must not|mustn't|should not|shouldn't|cannot|can't|will not|won't|are not|is not|avoid)\b(?! (?:tell|mention|inform|reveal|show|ask|disclose|notify|say|trust|report))/i;
