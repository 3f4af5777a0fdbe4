import { assertNever } from '@aegis/core';
import type { UpstreamDefinition } from './definition.ts';
import { HttpUpstream } from './http.ts';
import type { UpstreamServer } from './server.ts';
import { type StdioPorts, StdioUpstream } from './stdio.ts';

/** Makes an upstream from its definition; nothing is started yet. */
export function createUpstream(definition: UpstreamDefinition, ports: StdioPorts): UpstreamServer {
  switch (definition.kind) {
    case 'stdio':
      return new StdioUpstream(definition, ports);
    case 'http':
      return new HttpUpstream(definition, ports);
    default:
      return assertNever(definition);
  }
}
