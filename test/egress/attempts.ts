/** One try of a process to reach something outside this machine. */
export interface Attempt {
  readonly call: string;
  /** An address and a port, a name service, or what else it was that is not known to stay here. */
  readonly to: string;
}

/** System calls by which bytes, and questions about names, can leave a process. */
export const NETWORK_CALLS = ['connect', 'sendto', 'sendmsg', 'sendmmsg'] as const;

/** Families that cannot leave: the kernel itself, its crypto, nothing at all. */
const KERNEL = /sa_family=AF_(?:NETLINK|ALG|UNSPEC|VSOCK)\b/;

/** Services of this machine that ask others about names (systemd-resolved). */
const NAME_SERVICES = /systemd\.Resolve|systemd\/resolve/;

/** Port of the domain name system: whoever asks it wants to know of somebody outside, wherever it listens. */
const DNS = 53;

/** The tries in a log of strace: everything but what is known to stay on this machine. */
export function attemptsIn(log: string): readonly Attempt[] {
  const found: Attempt[] = [];
  for (const line of log.split('\n')) {
    const call = NETWORK_CALLS.find((name) => line.includes(`${name}(`));
    if (call === undefined) continue;
    for (const address of line.match(/\{sa_family=[^}]*\}/g) ?? []) {
      const to = outside(address);
      if (to !== undefined) found.push({ call, to });
    }
  }
  return found;
}

/** Where an address leads; undefined when that is here. */
function outside(address: string): string | undefined {
  if (KERNEL.test(address)) return undefined;
  const unix = /sa_family=AF_UNIX, sun_path=(@?".*")/.exec(address)?.[1];
  if (unix !== undefined) return NAME_SERVICES.test(unix) ? `the name service at ${unix}` : undefined;
  const port = Number(/sin6?_port=htons\((\d+)\)/.exec(address)?.[1]);
  const host = /inet_(?:addr\(|pton\(AF_INET6, )"([^"]+)"/.exec(address)?.[1];
  if (host === undefined || Number.isNaN(port)) return address;
  if (port === DNS) return `the name server ${host}`;
  return isHere(host) ? undefined : `${host} port ${port}`;
}

function isHere(host: string): boolean {
  return /^127(?:\.\d+){3}$/.test(host) || /^(?:::1|::ffff:127(?:\.\d+){3})$/.test(host);
}
