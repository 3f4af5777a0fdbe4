/** A regular expression as it stands in a source file. */
export interface Literal {
  readonly path: string;
  readonly line: number;
  readonly source: string;
  readonly flags: string;
}

/** What stands before a slash that begins a pattern; behind anything else it divides. */
const BEFORE =
  /(?:^|[(,=:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|of|in|do|else|void|await|yield|new|delete))\s*$/;

/** Every literal pattern of a TypeScript file. Text, templates and comments are passed over. */
export function literalsOf(path: string, text: string): readonly Literal[] {
  const found: Literal[] = [];
  for (let at = 0; at < text.length; ) {
    const end = passedOver(text, at);
    if (end !== undefined) {
      at = end;
      continue;
    }
    const closed = text[at] === '/' && BEFORE.test(lineBefore(text, at)) ? patternEnd(text, at) : undefined;
    if (closed === undefined) {
      at++;
      continue;
    }
    const flags = /^[a-z]*/.exec(text.slice(closed + 1, closed + 12))?.[0] ?? '';
    found.push({
      path,
      line: text.slice(0, at).split('\n').length,
      source: text.slice(at + 1, closed),
      flags,
    });
    at = closed + 1 + flags.length;
  }
  return found;
}

/** The rest of the code before a place, without comments, back over empty lines. */
function lineBefore(text: string, at: number): string {
  return text
    .slice(Math.max(0, at - 400), at)
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/^(.*?)(?<![:"'`\\])\/\/[^\n]*$/gm, '$1')
    .trimEnd();
}

/** Where a comment, a text or a template that begins here ends. A template is passed over with what it holds. */
function passedOver(text: string, at: number): number | undefined {
  if (text.startsWith('//', at)) return endOf(text, '\n', at);
  if (text.startsWith('/*', at)) return endOf(text, '*/', at + 2);
  const quote = text[at];
  if (quote !== '"' && quote !== "'" && quote !== '`') return undefined;
  let end = at + 1;
  while (end < text.length && text[end] !== quote) {
    if (quote === '`' && text.startsWith('${', end)) end = afterBraces(text, end + 2);
    else end += text[end] === '\\' ? 2 : 1;
  }
  return end + 1;
}

/** Where the code inside of a template ends. */
function afterBraces(text: string, from: number): number {
  let depth = 1;
  let at = from;
  while (at < text.length && depth > 0) {
    const end = passedOver(text, at);
    if (end !== undefined) {
      at = end;
      continue;
    }
    if (text[at] === '{') depth++;
    if (text[at] === '}') depth--;
    at++;
  }
  return at;
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end === -1 ? text.length : end + mark.length;
}

function patternEnd(text: string, at: number): number | undefined {
  let inClass = false;
  for (let end = at + 1; end < text.length && text[end] !== '\n'; end++) {
    if (text[end] === '\\') end++;
    else if (text[end] === '[') inClass = true;
    else if (text[end] === ']') inClass = false;
    else if (text[end] === '/' && !inClass) return end === at + 1 ? undefined : end;
  }
  return undefined;
}
