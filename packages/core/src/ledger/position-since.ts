/**
 * The position after which everything in a log stands that is not older than `sinceMs`: the log is in order of time.
 * `timeAfter` gives the time of the first entry after a position, in Unix milliseconds; undefined behind the last one.
 * Asks for it twice as often as the log doubles.
 */
export async function positionSince(
  timeAfter: (position: number) => Promise<number | undefined>,
  sinceMs: number,
): Promise<number> {
  const isOld = async (position: number): Promise<boolean> => {
    const time = await timeAfter(position);
    return time !== undefined && time < sinceMs;
  };
  let old = -1;
  let reach = 0;
  while (await isOld(reach)) {
    old = reach;
    reach = reach * 2 + 1;
  }
  while (reach - old > 1) {
    const middle = Math.floor((old + reach) / 2);
    if (await isOld(middle)) old = middle;
    else reach = middle;
  }
  return reach;
}
