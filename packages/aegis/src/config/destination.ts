import { resolve } from 'node:path';
import type { ConfiguredDestination } from './configured/telemetry.ts';
import { isLoopback } from './loopback.ts';
import type { Report } from './routes.ts';
import type { AlertEntry, DestinationEntry } from './schema.ts';

/** Attempts before what a receiver does not take goes to the dead letters. */
const ATTEMPTS = 10;

/** The ways to a receiver, of which an entry has one. */
const WAYS = ['file', 'url', 'syslog', 'desktop'] as const;

/** What else an entry can say, by its way. */
const KEYS: Readonly<Record<(typeof WAYS)[number], readonly (keyof DestinationEntry)[]>> = {
  file: [],
  url: ['secret', 'headers', 'attempts', 'dead_letters'],
  syslog: ['ca', 'plaintext', 'attempts', 'dead_letters'],
  desktop: [],
};

type Path = readonly (string | number)[];
type Entry = DestinationEntry & Pick<AlertEntry, 'name' | 'desktop'>;

/** What an entry is read with. */
interface Around {
  /** Whether what is posted has a signature. */
  readonly isSigned: boolean;
  readonly path: Path;
  readonly directory: string;
}

/** Reads where a follower or an alert brings what it has, with every mistake reported. */
export function readDestination(entry: Entry, around: Around, report: Report): ConfiguredDestination {
  const { name } = entry;
  const { path, directory } = around;
  const ways = WAYS.filter((way) => entry[way] !== undefined);
  const [way] = ways;
  if (way === undefined || ways.length > 1) {
    report(
      'bad-value',
      path,
      `\`${name}\` needs one of \`file\`, \`url\`, \`syslog\` and, for an alert, \`desktop\``,
    );
    return { kind: 'file', file: directory };
  }
  for (const key of new Set(Object.values(KEYS).flat())) {
    if (entry[key] === undefined || KEYS[way].includes(key)) continue;
    report('no-effect', [...path, key], `\`${key}\` means nothing beside \`${way}\``);
  }
  switch (way) {
    case 'file':
      return { kind: 'file', file: resolve(directory, entry.file ?? '') };
    case 'desktop':
      return { kind: 'desktop' };
    case 'url':
      return readUrl(entry, around, report);
    case 'syslog':
      return readSyslog(entry, around, report);
  }
}

function readUrl(entry: Entry, { isSigned, path, directory }: Around, report: Report): ConfiguredDestination {
  const { url = '', secret, headers = {} } = entry;
  const address = typeof url === 'string' ? URL.parse(url) : undefined;
  // SECURITY: what is sent says who did what; where the address is a secret it is checked when it is known.
  if (typeof url === 'string' && address?.protocol !== 'https:' && !isLoopback(address?.hostname ?? '')) {
    report(
      'bad-value',
      [...path, 'url'],
      'events are posted to an https address',
      'or to one of this machine',
    );
  }
  if (isSigned && secret === undefined)
    report('bad-value', path, 'a webhook is signed, and needs a `secret`');
  return {
    kind: 'url',
    url,
    headers,
    ...kept(entry, directory),
    ...(secret === undefined ? {} : { secret }),
  };
}

function readSyslog(entry: Entry, { path, directory }: Around, report: Report): ConfiguredDestination {
  const { syslog = '', ca, plaintext = false } = entry;
  const [, transport = '', host = '', port = ''] = /^(\w+):\/\/(.+):(\d+)$/.exec(syslog) ?? [];
  if (Number(port) < 1 || Number(port) > 65_535)
    report('bad-value', [...path, 'syslog'], `\`${port}\` is no port`);
  // SECURITY: whoever sees the network would read who did what, and could write events of their own.
  if (transport !== 'tls' && !isLoopback(host) && !plaintext) {
    const help = 'use `tls://`, or say `plaintext = true` where the network is yours';
    report('bad-value', [...path, 'syslog'], 'messages would cross a network as they are', help);
  }
  if (transport === 'tls' && plaintext) {
    report('no-effect', [...path, 'plaintext'], '`plaintext` means nothing for `tls`');
  }
  if (transport !== 'tls' && ca !== undefined) {
    report('no-effect', [...path, 'ca'], `\`ca\` means nothing for \`${transport}\``);
  }
  return {
    kind: 'syslog',
    transport: transport === 'tcp' || transport === 'udp' ? transport : 'tls',
    host: host.replace(/^\[|\]$/g, ''),
    port: Number(port),
    ...(ca === undefined ? {} : { ca: resolve(directory, ca) }),
    ...kept(entry, directory),
  };
}

function kept(
  { name, attempts = ATTEMPTS, dead_letters: deadLetters }: Entry,
  directory: string,
): { readonly attempts: number; readonly deadLetters: string } {
  return { attempts, deadLetters: resolve(directory, deadLetters ?? `.aegis/telemetry/${name}.dead.jsonl`) };
}
