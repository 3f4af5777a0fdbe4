/** How a gateway calls the tools and prompts of the canaries. */
export interface Names {
  tool(own: string): string;
  prompt(own: string): string;
}

export const OWN_NAMES: Names = { tool: (own) => own, prompt: (own) => own };

/**
 * Finds what a gateway puts before or after names, from what it lists: hidden names are called as they
 * would be. Undefined where the permitted tool is not listed.
 */
export function namesFrom(tools: readonly string[], prompts: readonly string[]): Names | undefined {
  const open = affixesOf('open_note', tools);
  const plain = affixesOf('plain_note', tools);
  if (open === undefined) return undefined;
  const prompt = affixesOf('open_prompt', prompts);
  const NEIGHBOURS = new Set(['plain_note', 'later_note', 'secret_neighbour']);
  return {
    tool: (own) => dress(own, NEIGHBOURS.has(own) ? (plain ?? open) : open),
    prompt: (own) => dress(own, prompt),
  };
}

type Affixes = readonly [before: string, after: string];

function affixesOf(own: string, listed: readonly string[]): Affixes | undefined {
  const name = listed.find((one) => one.includes(own));
  if (name === undefined) return undefined;
  const at = name.indexOf(own);
  return [name.slice(0, at), name.slice(at + own.length)];
}

function dress(own: string, [before, after]: Affixes = ['', '']): string {
  return `${before}${own}${after}`;
}
