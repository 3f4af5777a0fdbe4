/**
 * The id of an answer of which only the two ends of its text are known, where serialisers put the id.
 * Undefined when it is in neither.
 */
export function idOfLost(head: string, tail: string): number | undefined {
  const id = (ID_IN_HEAD.exec(head) ?? ID_IN_TAIL.exec(tail))?.[1];
  return id === undefined ? undefined : Number(id);
}

const ID_IN_HEAD =
  /^\s{0,8}\{\s{0,8}(?:"jsonrpc"\s{0,8}:\s{0,8}"2\.0"\s{0,8},\s{0,8})?"id"\s{0,8}:\s{0,8}(\d{1,15})\s{0,8},/;
const ID_IN_TAIL =
  /,\s{0,8}"id"\s{0,8}:\s{0,8}(\d{1,15})\s{0,8}(?:,\s{0,8}"jsonrpc"\s{0,8}:\s{0,8}"2\.0"\s{0,8})?\}\s{0,8}$/;
