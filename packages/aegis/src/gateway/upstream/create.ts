import { assertNever } from '@aegis/core';
import type { UpstreamDefinition } from './definition.ts';
import { DualUpstream } from './era/dual.ts';
import { HttpSearch, StdioSearch } from './era/search.ts';
import { modernHttp, modernStdio } from './modern/create.ts';
import type { UpstreamServer } from './server.ts';
import { type StdioPorts, StdioUpstream } from './stdio/upstream.ts';

/** Makes an upstream from its definition; nothing is started yet. */
export function createUpstream(definition: UpstreamDefinition, ports: StdioPorts): UpstreamServer {
  const { name, isolated = false, era = 'auto' } = definition;
  switch (definition.kind) {
    case 'stdio':
      if (era === 'modern') return modernStdio(definition, ports);
      if (era === 'legacy') return new StdioUpstream(definition, ports);
      return new DualUpstream(name, isolated, new StdioSearch(definition, ports));
    case 'http':
      if (era === 'modern') return modernHttp(definition, ports);
      // Sessions come over two transports, and which one is found out as well.
      return new DualUpstream(name, isolated, new HttpSearch(definition, ports));
    default:
      return assertNever(definition);
  }
}
