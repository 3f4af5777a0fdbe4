import { blockLanguage, type Language } from './language.ts';

/** A program in a text: a fenced block, or a command between backticks. */
export interface MarkdownBlock {
  /** Offset of its first character. */
  readonly start: number;
  readonly text: string;
  readonly language: Language;
}

/** Most blocks of one file. */
const MOST_BLOCKS = 1000;

/**
 * The fenced code blocks of a text in a language that is read (CommonMark, section 4.5), and the code spans with
 * commands that are joined (section 6.1), in order. Takes time linear in the text.
 */
export function markdownBlocks(text: string): readonly MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  let open: { readonly fence: string; readonly info: string; readonly start: number } | undefined;
  let at = 0;
  for (const line of text.split('\n')) {
    const end = at + line.length + 1;
    const [, fence = '', info = ''] = /^[ \t]{0,12}(?:> ?)?(`{3,32}|~{3,32})(.{0,200})/.exec(line) ?? [];
    if (open === undefined) {
      if (blocks.length >= MOST_BLOCKS) break;
      if (fence !== '') open = { fence, info, start: Math.min(end, text.length) };
      else addSpans(blocks, line, at);
    } else if (fence.startsWith(open.fence) && info.trim() === '') {
      add(blocks, open, text.slice(open.start, at));
      open = undefined;
    }
    at = end;
  }
  // A block that nobody closes goes on to the end.
  if (open !== undefined) add(blocks, open, text.slice(open.start));
  return blocks;
}

// Linear: between two backticks there is none.
const SPAN = /`([^`\n]{8,2000})`/g;
/** What joins commands, or puts what one says into another. */
const JOINED = /[|;&]|\$\(|<\(/;

function addSpans(blocks: MarkdownBlock[], line: string, at: number): void {
  if (!line.includes('`')) return;
  for (const { index, 1: text = '' } of line.matchAll(SPAN)) {
    if (/^[\w./~-]+\s/.test(text) && JOINED.test(text)) {
      blocks.push({ start: at + index + 1, text, language: 'shell' });
    }
  }
}

function add(
  blocks: MarkdownBlock[],
  { info, start }: { readonly info: string; readonly start: number },
  text: string,
): void {
  const language = blockLanguage(info);
  if (language !== undefined) blocks.push({ start, text, language });
}
