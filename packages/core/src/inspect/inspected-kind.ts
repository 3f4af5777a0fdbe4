/**
 * What can be judged by itself. `call` is an object of arguments, `tool` a definition; the others are texts, of which
 * `pii-number` is one value that its place says to be a number of a person.
 */
export const INSPECTED_KINDS = [
  'prompt',
  'secret',
  'pii',
  'pii-number',
  'sql',
  'sql-value',
  'shell',
  'shell-value',
  'path',
  'url',
  'tool',
  'call',
] as const;
export type InspectedKind = (typeof INSPECTED_KINDS)[number];
