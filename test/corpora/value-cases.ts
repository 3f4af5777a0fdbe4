import { type Case, isAttack } from './corpus.ts';

/** Rules about other things than a value that ends up in a command: mail protocols, names of uploads, recalled commands. */
const OTHER_RULES = /^(?:932180|9323[0-3]\d)$/;

/** A piece of a request with the value somewhere in it. */
const PIECE_OF_REQUEST = /^\s*<\?xml|^\/(?:get|post)\/|filename=|^pay=/;

/** Words, and the name of a function without its arguments: nothing in them ends what they are put into. */
const WORDS = /^\s*[\w:.]+(?:\s+[\w:.]+){0,3}\s*[&?\\]{0,2}\(?\s*$/;

/** What a web firewall stops for something else than a value by itself. */
export function noValue(row: Case): boolean {
  const { input, meta } = row;
  const text = String(input['value']);
  if (!isAttack(row)) return false;
  return OTHER_RULES.test(String(meta['rule'])) || PIECE_OF_REQUEST.test(text) || WORDS.test(text);
}
