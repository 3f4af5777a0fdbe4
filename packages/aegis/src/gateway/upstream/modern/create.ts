import type { HttpDefinition, StdioDefinition } from '../definition.ts';
import { ModernHttp } from './http.ts';
import { ModernRequests } from './request.ts';
import { ModernStdio } from './stdio.ts';
import { ModernUpstream } from './upstream.ts';
import type { StdioPorts } from '../stdio/line.ts';

/** How long a server may take to describe itself; a process has to start first. */
const DISCOVER_MS = { http: 15_000, stdio: 30_000 } as const;

export function modernHttp(
  definition: HttpDefinition,
  ports: Pick<StdioPorts, 'secrets' | 'client' | 'refused'>,
  discoverMs: number = DISCOVER_MS.http,
): ModernUpstream {
  const { name, isolated = false } = definition;
  const requests = new ModernRequests(ports.client);
  return new ModernUpstream({
    name,
    isolated,
    discoverMs,
    refused: ports.refused,
    channel: (stray) => new ModernHttp(definition, ports.secrets, requests, stray),
  });
}

export function modernStdio(definition: StdioDefinition, ports: StdioPorts): ModernUpstream {
  const { name, isolated = false } = definition;
  const requests = new ModernRequests(ports.client);
  return new ModernUpstream({
    name,
    isolated,
    discoverMs: DISCOVER_MS.stdio,
    refused: ports.refused,
    channel: (stray, news) => new ModernStdio(definition, ports, requests, stray, news),
  });
}
