/** The headers of which a request may have one only. */
const SINGULAR: readonly string[] = ['host', 'authorization', 'origin', 'mcp-session-id', 'aegis-handoff'];

const LENGTHS: ReadonlySet<number> = new Set(SINGULAR.map(({ length }) => length));

/** Whether a header that must be single is repeated. `raw` is names and values in turn, as they were sent. */
export function repeatsSingular(raw: readonly string[]): boolean {
  let seen = 0;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (!LENGTHS.has(name.length)) continue;
    const place = SINGULAR.indexOf(name.toLowerCase());
    if (place === -1) continue;
    if ((seen & (1 << place)) !== 0) return true;
    seen |= 1 << place;
  }
  return false;
}
