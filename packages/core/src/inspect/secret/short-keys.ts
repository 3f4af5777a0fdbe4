/** Services whose keys are too short to be told from a word; by the beginning of the name that a key is given. */
const SHORT_KEYS: ReadonlyMap<string, RegExp> = new Map([
  ['mockaroo', /^[a-z0-9]{8}$/i],
  ['myintervals', /^[a-z0-9]{11}$/i],
  ['uclassify', /^[a-z0-9]{12}$/i],
  ['parsehub', /^[\w-]{12}$/],
  ['kanban', /^[A-Z0-9]{12}$/],
  ['debounce', /^[a-z0-9]{13}$/i],
  ['checkvist', /^[a-z0-9]{14}$/i],
  ['ipinfo', /^[a-f0-9]{14}$/i],
  ['sumo', /^su[a-z0-9]{12}$/i],
]);

/** Whether a value is a key of the service that its name begins with: `mockaroo_key`. */
export function isShortKey(name: string, value: string): boolean {
  const service = /^[\s"'_.-]{0,4}([a-z]{2,11})/i.exec(name)?.[1]?.toLowerCase();
  if (service === undefined || !/\d/.test(value)) return false;
  return [...SHORT_KEYS].some(([start, shape]) => service.startsWith(start) && shape.test(value));
}
