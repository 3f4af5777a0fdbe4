import { resolve } from 'node:path';
import type { SourceDocument } from '@aegis/core';
import type { ConfiguredCedar } from './configured/policy.ts';
import type { CedarEntry } from './schema.ts';

export function readCedar(
  { policies, entities, schema }: CedarEntry,
  directory: string,
  document: SourceDocument,
): ConfiguredCedar {
  return {
    policies: policies.map((file) => resolve(directory, file)),
    at: document.positionOf(['cedar'], 'key'),
    ...(entities === undefined ? {} : { entities: resolve(directory, entities) }),
    ...(schema === undefined ? {} : { schema: resolve(directory, schema) }),
  };
}
