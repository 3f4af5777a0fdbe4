import { wordsAfter, wordsBefore } from './surroundings.ts';

const NOUNS = [
  'phone',
  'telephone',
  'cellphone',
  'smartphone',
  'tel',
  'mobile',
  'cell',
  'fax',
  'telefax',
  'msisdn',
  'whats ?app',
  'sms',
  'hotline',
  'handset',
  'tél',
  'téléphone',
  'portable',
  'telefon',
  'telefono',
  'teléfono',
  'telefone',
  'handy',
  'mobil',
  'móvil',
  'celular',
  'cellulare',
  'телефон',
  '電話',
  '电话',
].join('|');
const VERBS = 'call|calling|dial|ring|reach|answering|contact';
const FILLERS = 'number|numbers|no|num|nr|is|at|on|was|me|us|him|her|them|back|home|work|office|main';

const NAMED = new RegExp(`(?<!\\p{L})(?:${NOUNS}|${VERBS}|messages? (?:to|on|at))s?(?!\\p{L})`, 'iu');
const NAMED_AFTER = /^[^\p{L}\d\n]{0,3}(?:phone|mobile|cell|fax|tel|office|home|desk|work)(?!\p{L})/iu;
const DIRECTLY = new RegExp(`(?<!\\p{L})(?:${NOUNS})s?(?:[^\\p{L}\\d]|(?:${FILLERS})(?!\\p{L}))*$`, 'iu');
const CALLED = new RegExp(`(?<!\\p{L})(?:${VERBS}) (?: |(?:${FILLERS})(?!\\p{L}))*$`, 'iu');

/** Whether a word near says that the number is a telephone number. */
export function isNamedPhone(text: string, start: number, end: number, label: string): boolean {
  return NAMED.test(wordsBefore(text, start, label)) || NAMED_AFTER.test(wordsAfter(text, end));
}

/** Whether the words directly before or after say so, with nothing between that could be meant instead. */
export function isDirectlyNamedPhone(text: string, start: number, end: number, label: string): boolean {
  const before = wordsBefore(text, start, label);
  return DIRECTLY.test(before) || CALLED.test(before) || NAMED_AFTER.test(wordsAfter(text, end));
}
