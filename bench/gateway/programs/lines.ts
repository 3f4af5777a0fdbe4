/** A listener for chunks of UTF-8 that hands over whole lines. */
export function lines(onLine: (line: string) => void): (chunk: Buffer) => void {
  const held: Buffer[] = [];
  return (chunk) => {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      held.push(chunk.subarray(from, at));
      const line = held.length === 1 ? held[0] : Buffer.concat(held);
      held.length = 0;
      from = at + 1;
      if (line !== undefined && line.length > 0) onLine(line.toString());
    }
    if (from < chunk.length) held.push(chunk.subarray(from));
  };
}
