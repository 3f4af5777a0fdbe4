import { resolve } from 'node:path';
import type { SourceDocument } from '@aegis/core';
import type { ConfiguredRego } from './configured/policy.ts';
import type { RegoEntry } from './schema.ts';

export function readRego(
  { files, entrypoint, data }: RegoEntry,
  directory: string,
  document: SourceDocument,
): ConfiguredRego {
  return {
    files: files.map((file) => resolve(directory, file)),
    entrypoint,
    entrypointAt: document.positionOf(['rego', 'entrypoint'], 'value'),
    ...(data === undefined ? {} : { data: resolve(directory, data) }),
  };
}
