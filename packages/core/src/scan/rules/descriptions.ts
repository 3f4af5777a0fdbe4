import type { Code } from '../code/code.ts';
import { isPunctuator } from '../code/stream.ts';
import type { Token } from '../code/token.ts';

const KEYS = /^(?:description|instructions|title|prompt|system_?prompt|annotations)$/i;
const REGISTRATIONS =
  /(?:^|\.)(?:tool|registerTool|addTool|prompt|registerPrompt|resource|registerResource|Tool|FastMCP|McpServer|NewTool|WithDescription|Description|describe)$/;

/** Tokens between a decorator and the text of the function below it. */
const REACH = 60;

/** Where the strings of a program begin that a model reads: what tools, prompts and their parameters say of themselves. */
export function descriptionsIn(code: Code): ReadonlySet<number> {
  const found = new Set<number>();
  const registrations = code.calls.filter(({ name }) => REGISTRATIONS.test(name));
  for (const { tokens } of code.streams) {
    let decorated = Number.NEGATIVE_INFINITY;
    for (const [index, token] of tokens.entries()) {
      if (isPunctuator(token, '@') && isTool(tokens.slice(index + 1, index + 6))) decorated = index;
      if (token.kind !== 'string') continue;
      const keyed = isPunctuator(tokens[index - 1], ':', '=') && KEYS.test(nameOf(tokens[index - 2]));
      const docstring = index - decorated < REACH && isPunctuator(tokens[index - 1], ':');
      const registered = registrations.some(({ start, end }) => start < token.start && token.end < end);
      if (keyed || docstring || registered) found.add(token.start);
    }
  }
  return found;
}

function isTool(behind: readonly Token[]): boolean {
  return behind.some(({ text }) => /^(?:tool|prompt|resource|function_tool)$/.test(text));
}

function nameOf(token: Token | undefined): string {
  return token?.value ?? token?.text ?? '';
}
