import { constantText } from './value.ts';
import { isPunctuator, type Stream } from './stream.ts';

/** Ways to reach the global object by name: what stands behind is the same without them. */
const GLOBALS = new Set(['globalThis', 'window', 'global', 'self', 'builtins', '__builtins__']);

/** Calls that give a module for its name. */
const LOADERS = new Set(['require', 'import', '__import__', 'import_module', '_load']);

/** Calls that give every name that there is (Python). */
const SCOPES = new Set(['globals', 'locals', 'vars']);

/** What a name in one file stands for: `cp` for `child_process`, `run` for `os.system`. */
export type Aliases = ReadonlyMap<string, string>;

const NO_ALIASES: Aliases = new Map();

/**
 * The whole name of what ends before `end`: `cp.exec`, `cp['ex' + 'ec']`, `(0, cp.exec)` and a module that is loaded
 * in place are all `child_process.exec`. What is not known is `()` or `[]` in it; undefined where no name ends.
 */
export function nameBefore(stream: Stream, end: number, aliases: Aliases): string | undefined {
  const { tokens, partners } = stream;
  const steps: string[] = [];
  let at = end - 1;
  for (;;) {
    const token = tokens[at];
    if (token === undefined) return steps.length === 0 ? undefined : ['[]', ...steps].join('.');
    if (token.kind === 'name') {
      steps.unshift(token.text);
      if (!isPunctuator(tokens[at - 1], '.', '?.')) return rooted(steps, aliases);
      at -= 2;
      continue;
    }
    const opening = partners.get(at);
    if (opening === undefined) return undefined;
    if (isPunctuator(token, ']')) {
      steps.unshift(constantText(tokens.slice(opening + 1, at)) ?? '[]');
      at = isPunctuator(tokens[opening - 1], '?.') ? opening - 2 : opening - 1;
      continue;
    }
    if (!isPunctuator(token, ')')) return undefined;
    const root = resultOf(stream, opening, at, aliases);
    if (root !== undefined) return root === '' ? rooted(steps, aliases) : [root, ...steps].join('.');
    if (steps.length === 0) return undefined;
    return ['()', ...steps].join('.');
  }
}

/** What is between parentheses that end a name: a module that is loaded, an attribute, or the last of a list. */
function resultOf(stream: Stream, opening: number, closing: number, aliases: Aliases): string | undefined {
  const { tokens } = stream;
  const inner = tokens.slice(opening + 1, closing);
  const callee = tokens[opening - 1];
  if (callee === undefined || callee.kind === 'punctuator') {
    if (isPunctuator(callee, ')', ']')) return undefined;
    if (inner[0]?.text === 'await') return nameBefore(stream, closing, aliases);
    return inner.at(-1)?.kind === 'name' && inner.length <= 8
      ? nameBefore(stream, closing, aliases)
      : undefined;
  }
  if (SCOPES.has(callee.text)) return '';
  if (LOADERS.has(callee.text)) {
    const [first] = argumentsBetween(inner);
    const module = first === undefined ? undefined : constantText(first);
    return module === undefined ? undefined : moduleName(module);
  }
  if (callee.text === 'getattr') {
    const [object, attribute] = argumentsBetween(inner);
    const name = attribute === undefined ? undefined : constantText(attribute);
    if (object === undefined || name === undefined) return undefined;
    const owner = nameBefore(stream, opening + 1 + object.length, aliases);
    return owner === undefined ? undefined : rooted([...owner.split('.'), name], NO_ALIASES);
  }
  return undefined;
}

function argumentsBetween(inner: Stream['tokens']): readonly Stream['tokens'][] {
  const comma = inner.findIndex((token) => isPunctuator(token, ','));
  return comma < 0 ? [inner] : [inner.slice(0, comma), inner.slice(comma + 1)];
}

function rooted(given: readonly string[], aliases: Aliases): string {
  const steps = given.filter((step) => step !== '__dict__');
  let rest = steps[0] === 'sys' && steps[1] === 'modules' ? steps.slice(2) : steps;
  while (rest.length > 1 && GLOBALS.has(rest[0] ?? '')) rest = rest.slice(1);
  const [root = '', ...others] = rest;
  return [aliases.get(root) ?? root, ...others].join('.');
}

/** A module by the name that the tables have: without `node:`. */
export function moduleName(module: string): string {
  return module.replace(/^node:/, '');
}
