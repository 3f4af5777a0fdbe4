/**
 * What is left of an English word without its usual endings, so that `sends`, `sent` and `sending` meet. Words of
 * other languages pass through the same rules: what counts is that it is always the same. Takes time linear in the word.
 */
export function stemOf(word: string): string {
  const known = IRREGULAR.get(word);
  if (known !== undefined) return known;
  let stem = word;
  if (stem.length > 4 && stem.endsWith('ies')) stem = `${stem.slice(0, -3)}y`;
  else if (stem.length > 4 && stem.endsWith('ied')) stem = `${stem.slice(0, -3)}y`;
  else if (stem.length > 4 && /(?:s|x|z|ch|sh)es$/.test(stem)) stem = stem.slice(0, -2);
  else if (stem.length > 3 && /[^siu]s$/.test(stem)) stem = stem.slice(0, -1);
  if (stem.length > 5 && stem.endsWith('ing')) stem = single(stem.slice(0, -3));
  else if (stem.length > 4 && stem.endsWith('ed')) stem = single(stem.slice(0, -2));
  if (stem.length > 5 && stem.endsWith('ly')) stem = stem.slice(0, -2);
  if (stem.length > 8 && stem.endsWith('ation')) stem = stem.slice(0, -5);
  if (stem.length > 3 && stem.endsWith('e')) stem = stem.slice(0, -1);
  return stem;
}

function single(stem: string): string {
  return DOUBLED.has(stem.slice(-2)) ? stem.slice(0, -1) : stem;
}

const DOUBLED = new Set(['bb', 'dd', 'gg', 'mm', 'nn', 'pp', 'rr', 'tt']);

const IRREGULAR: ReadonlyMap<string, string> = new Map(
  Object.entries({
    sent: 'send',
    gave: 'giv',
    given: 'giv',
    took: 'tak',
    taken: 'tak',
    chosen: 'choos',
    chose: 'choos',
    kept: 'keep',
    told: 'tell',
    said: 'say',
    wrote: 'writ',
    written: 'writ',
    held: 'hold',
    found: 'find',
    got: 'get',
    made: 'mak',
    ran: 'run',
    running: 'run',
    known: 'know',
    seen: 'see',
    shown: 'show',
    left: 'leav',
    done: 'do',
    does: 'do',
    doing: 'do',
    has: 'hav',
    had: 'hav',
    was: 'be',
    were: 'be',
    is: 'be',
    are: 'be',
    been: 'be',
    being: 'be',
    needs: 'need',
    this: 'this',
    process: 'process',
    access: 'access',
    address: 'address',
    addresses: 'address',
    always: 'always',
    previous: 'previous',
  }),
);
