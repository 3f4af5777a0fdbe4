import { resolve } from 'node:path';
import { isInputPath, type SourceDocument } from '@aegis/core';
import type { ConfiguredOpa } from './configured/policy.ts';
import { isLoopback } from './loopback.ts';
import type { Report } from './routes.ts';
import type { OpaEntry } from './schema.ts';

const DEADLINE_MS = 1000;
const MEMORY_MB = 64;

/** Reads which OPA is asked, and about what; undefined when something is wrong with it. */
export function readOpa(
  entry: OpaEntry,
  directory: string,
  document: SourceDocument,
  report: Report,
): ConfiguredOpa | undefined {
  const { bundle, url, entrypoint, data, input, token, ca } = entry;
  const common = {
    entrypoint,
    entrypointAt: document.positionOf(['opa', 'entrypoint'], 'value'),
    deadlineMs: entry.deadline_ms ?? DEADLINE_MS,
    reads: input === undefined ? [[]] : input.map((path) => path.split('.')),
  };
  for (const [index, path] of common.reads.entries()) {
    if (input === undefined || isInputPath(path)) continue;
    const help = 'a path is like `request.tool` or `facts.paths`';
    report('unknown-value', ['opa', 'input', index], `\`${path.join('.')}\` is no part of the input`, help);
  }
  if (bundle !== undefined && url === undefined) {
    for (const key of ['token', 'ca'] as const) {
      if (entry[key] !== undefined)
        report('no-effect', ['opa', key], `\`${key}\` means nothing beside \`bundle\``);
    }
    return {
      kind: 'bundle',
      ...common,
      file: resolve(directory, bundle),
      memoryMb: entry.memory_mb ?? MEMORY_MB,
      ...(data === undefined ? {} : { data: resolve(directory, data) }),
    };
  }
  if (url === undefined || bundle !== undefined) {
    report('bad-value', ['opa'], '`opa` needs either `bundle` or `url`');
    return undefined;
  }
  for (const key of ['data', 'memory_mb'] as const) {
    if (entry[key] !== undefined)
      report('no-effect', ['opa', key], `\`${key}\` means nothing beside \`url\``);
  }
  const { protocol, hostname, username, search, hash } = new URL(url);
  // SECURITY: arguments of calls go there, and what comes back decides.
  if (protocol === 'http:' && !isLoopback(hostname)) {
    report(
      'clear-text',
      ['opa', 'url'],
      `\`${hostname}\` is asked without TLS`,
      'use https, or an OPA on this machine',
    );
  }
  if (username !== '' || search !== '' || hash !== '') {
    report('bad-value', ['opa', 'url'], 'the address of OPA has no user, query or fragment');
  }
  if (ca !== undefined && protocol === 'http:') {
    report('no-effect', ['opa', 'ca'], '`ca` means nothing without https');
  }
  return {
    kind: 'remote',
    ...common,
    url,
    ...(token === undefined ? {} : { token }),
    ...(ca === undefined ? {} : { ca: resolve(directory, ca) }),
  };
}
