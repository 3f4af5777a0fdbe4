/** One thing that a server offers, under the server's own name for it. */
export interface Offered {
  readonly server: string;
  readonly own: string;
}

/**
 * The name under which each offered thing is shown: its own where only one server uses it, else
 * `<server>__<name>` for each of those servers. A name made in this way that another thing already has
 * gives that thing its server's name as well. What still collides after that is left out, but for the
 * first: the order of `offered` decides, and nothing else. Nothing gets a name that it may not have.
 */
export function exposedNames<T extends Offered>(
  offered: readonly T[],
  mayHave: (item: T, name: string) => boolean = () => true,
): ReadonlyMap<string, T> {
  const qualified = new Set<T>(offered.filter((item) => !mayHave(item, item.own)));
  for (;;) {
    const clashes = [...grouped(offered, qualified).values()].filter((group) => group.length > 1);
    const bare = clashes.flat().filter((item) => !qualified.has(item));
    if (bare.length === 0) break;
    for (const item of bare) qualified.add(item);
  }
  const exposed = new Map<string, T>();
  for (const item of offered) {
    const name = nameOf(item, qualified);
    if (!exposed.has(name) && mayHave(item, name)) exposed.set(name, item);
  }
  return exposed;
}

function grouped<T extends Offered>(offered: readonly T[], qualified: ReadonlySet<T>): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of offered) {
    const name = nameOf(item, qualified);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}

function nameOf<T extends Offered>(item: T, qualified: ReadonlySet<T>): string {
  return qualified.has(item) ? `${item.server}__${item.own}` : item.own;
}
