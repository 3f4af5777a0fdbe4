/**
 * Words that orders to a model are made of. One of them with a look-alike in it is reason enough to read the text
 * around it with letters; of other words two are needed.
 */
const LURES: ReadonlySet<string> = new Set(
  `ignore ignoring disregard disregarding forget override bypass circumvent overrule discard erase reset
  instruction instructions rules guidelines guideline directives directive restrictions constraints commands orders
  prompt prompts system developer previous previously prior earlier above preceding initial original everything
  reveal repeat display output disclose expose print leak secret secrets password passwords hidden credentials token
  jailbreak unrestricted unfiltered uncensored pretend roleplay assistant forward delete transfer execute
  ignoriere vergiss anweisungen vorherigen ignorez oubliez oublie consignes ignora olvida instrucciones anteriores
  ignore dimentica istruzioni instruções negeer instructies`.split(/\s+/),
);

const LETTERS: Readonly<Record<string, string>> = {
  '0': 'o',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** Whether a word with digits and signs in it, or at its edges, is one of them. */
export function isLure(word: string): boolean {
  const small = word.toLowerCase();
  return LURES.has(spelled(small, 'i')) || LURES.has(spelled(small, 'l'));
}

function spelled(word: string, one: string): string {
  return word.replace(SIGN, (sign) => LETTERS[sign] ?? one);
}

const SIGN = /[0134578@$!|]/g;
