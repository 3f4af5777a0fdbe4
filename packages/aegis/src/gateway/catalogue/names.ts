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
  const qualified = qualifiedOf(offered, mayHave);
  const exposed = new Map<string, T>();
  for (const item of offered) {
    const name = nameOf(item, qualified);
    if (!exposed.has(name) && mayHave(item, name)) exposed.set(name, item);
  }
  return exposed;
}

/**
 * The things that are shown with their server's name. Each is taken up once, so that names which a server
 * made to collide with each other, one after the other, cost no more than others.
 */
function qualifiedOf<T extends Offered>(
  offered: readonly T[],
  mayHave: (item: T, name: string) => boolean,
): ReadonlySet<T> {
  const qualified = new Set<T>();
  const bare = new Map<string, T[]>();
  for (const item of offered) {
    if (!mayHave(item, item.own)) qualified.add(item);
    else if (bare.get(item.own)?.push(item) === undefined) bare.set(item.own, [item]);
  }
  for (const group of bare.values()) if (group.length > 1) for (const item of group) qualified.add(item);
  // What is added meanwhile is taken up as well.
  for (const item of qualified) for (const other of bare.get(qualifiedName(item)) ?? []) qualified.add(other);
  return qualified;
}

function nameOf<T extends Offered>(item: T, qualified: ReadonlySet<T>): string {
  return qualified.has(item) ? qualifiedName(item) : item.own;
}

function qualifiedName({ server, own }: Offered): string {
  return `${server}__${own}`;
}
