import { suggest } from '@aegis/core';
import type { ConfiguredRoute, ConfiguredServer } from './configured/parties.ts';
import type { RouteEntry } from './schema.ts';
import { type NamedUrl, UpstreamNames } from './upstream-names.ts';

/** Reports a mistake at a path of the configuration. */
export type Report = (
  code: string,
  path: readonly (string | number)[],
  message: string,
  help?: string,
) => void;

export interface RoutesReading {
  readonly routes: readonly ConfiguredRoute[];
  /** The servers that routes name by URL and `servers` does not declare. */
  readonly undeclared: readonly NamedUrl[];
}

/** Reads the routes, with every mistake in them and every conflict between them reported. */
export function readRoutes(
  entries: readonly RouteEntry[],
  declared: readonly ConfiguredServer[],
  report: Report,
): RoutesReading {
  const names = new UpstreamNames(declared);
  const claims = new Set<string>();
  const routes = entries.flatMap((entry, index) => {
    const match = matchOf(entry, index, claims, report);
    const servers = serversOf(entry, index, names, report);
    checkRules(entry, index, report);
    const [first, ...others] = servers;
    if (match === undefined || first === undefined) return [];
    const { order = 'all', failure = 'partial' } = entry;
    return [{ match, servers: [first, ...others] as const, order, failure }];
  });
  return { routes, undeclared: names.undeclared };
}

function matchOf(
  { prefix, tool }: RouteEntry,
  index: number,
  claims: Set<string>,
  report: Report,
): ConfiguredRoute['match'] | undefined {
  if ((prefix === undefined) === (tool === undefined)) {
    report('bad-route', ['routes', index], 'a route needs either `prefix` or `tool`');
    return undefined;
  }
  const [key, pattern] =
    prefix === undefined ? (['tool', tool ?? ''] as const) : (['prefix', prefix] as const);
  const fault = key === 'tool' ? toolFault(pattern) : prefixFault(pattern);
  if (fault !== undefined) {
    report('bad-value', ['routes', index, key], fault.message, fault.help);
    return undefined;
  }
  const claim = `${key} ${pattern}`;
  if (claims.has(claim)) {
    const help = 'give all its servers to one route, as a list in `upstream`';
    report('duplicate-route', ['routes', index, key], `\`${pattern}\` has a route already`, help);
  }
  claims.add(claim);
  return key === 'tool' ? { kind: key, name: pattern } : { kind: key, prefix: pattern.slice(0, -1) };
}

interface Fault {
  readonly message: string;
  readonly help: string;
}

const SPECIAL = /[*?\\]/;

function prefixFault(prefix: string): Fault | undefined {
  if (prefix.endsWith('*') && !SPECIAL.test(prefix.slice(0, -1))) return undefined;
  const message = `\`${prefix}\` is not a prefix`;
  if (SPECIAL.test(prefix)) return { message, help: 'one `*`, at the end: `memory_*`' };
  return { message, help: `did you mean \`${prefix}*\`? one tool alone is \`tool = "${prefix}"\`` };
}

function toolFault(tool: string): Fault | undefined {
  if (!SPECIAL.test(tool)) return undefined;
  return { message: `\`${tool}\` is not the name of a tool`, help: 'a pattern is `prefix = "memory_*"`' };
}

function serversOf(
  { upstream }: RouteEntry,
  index: number,
  names: UpstreamNames,
  report: Report,
): readonly string[] {
  const servers: string[] = [];
  const written = typeof upstream === 'string' ? [upstream] : upstream;
  written.forEach((text, place) => {
    const path = ['routes', index, 'upstream', ...(typeof upstream === 'string' ? [] : [place])];
    const found = names.resolve(text);
    switch (found.kind) {
      case 'unknown': {
        const near = suggest(text, names.declared);
        const help =
          near === undefined ? 'name one of `[[servers]]`, or give a URL' : `did you mean \`${near}\`?`;
        report('unknown-server', path, `there is no server \`${text}\``, help);
        return;
      }
      case 'invalid':
        report('bad-value', path, found.message, found.help);
        return;
      case 'server':
        if (servers.includes(found.name)) {
          report('duplicate-name', path, `server \`${found.name}\` is in this route already`);
        }
        servers.push(found.name);
    }
  });
  return servers;
}

function checkRules({ upstream, order, failure }: RouteEntry, index: number, report: Report): void {
  const single = typeof upstream === 'string' || upstream.length === 1;
  if (order !== undefined && single) {
    report('bad-route', ['routes', index, 'order'], '`order` means nothing for one upstream');
  }
  if (failure !== undefined && (single || order === 'first-success')) {
    const why = single ? 'one upstream' : '`order = "first-success"`';
    report('bad-route', ['routes', index, 'failure'], `\`failure\` means nothing for ${why}`);
  }
}
