import { lastService } from './services.ts';

/** Services whose keys are too short to be told from a word. */
const SHORT_KEYS: ReadonlyMap<string, RegExp> = new Map([
  ['mockaroo', /^[a-z0-9]{8}$/i],
  ['myintervals', /^[a-z0-9]{11}$/i],
  ['uclassify', /^[a-z0-9]{12}$/i],
  ['parsehub', /^[\w-]{12}$/],
  ['kanban', /^[A-Z0-9]{12}$/],
  ['nexmo', /^[\w-]{8}$/],
  ['demio', /^[A-Za-z0-9]{10}$/],
  ['formbucket', /^[\w.]{9,18}$/],
  ['zipbooks', /^[A-Za-z0-9]{8,14}$/],
  ['cashboard', /^[A-Z0-9]{3}(?:-[A-Z0-9]{3}){3}$/],
  ['swiftype', /^[\w^-]{20}$/],
  ['debounce', /^[a-z0-9]{13}$/i],
  ['checkvist', /^[a-z0-9]{14}$/i],
  ['ipinfo', /^[a-f0-9]{14}$/i],
  ['sumo', /^su[a-z0-9]{12}$/i],
]);

/** Whether a value is a key of the service that is named before it: `mockaroo_key`, `[mockaroo]` in the line above. */
export function isShortKey(before: string, value: string): boolean {
  if (!/\d/.test(value)) return false;
  const service = lastService(before)?.name;
  return service !== undefined && SHORT_KEYS.get(service)?.test(value) === true;
}
