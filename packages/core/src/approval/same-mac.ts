/** Whether two MACs are the same, in a time that does not say where they differ. */
export function sameMac(given: string, made: string): boolean {
  if (given.length !== made.length) return false;
  let difference = 0;
  for (let at = 0; at < made.length; at++) difference |= given.charCodeAt(at) ^ made.charCodeAt(at);
  return difference === 0;
}
