import { isAbsolute, resolve } from 'node:path';
import { statSync } from 'node:fs';
import { AegisError, type JsonObject, type ScanReport, scanEntries } from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import type { ConfiguredServer } from '../config/configured/parties.ts';
import { createUpstream } from '../gateway/upstream/create.ts';
import type { UpstreamServer } from '../gateway/upstream/server.ts';
import { createReaper } from '../gateway/upstream/stdio/reaper.ts';
import { type ReadFolder, readFolder } from '../scanner/read-folder.ts';
import { VERSION } from '../version.ts';
import type { Environment } from './environment.ts';
import { secretsOf } from './secrets.ts';
import { openInspectors } from './inspection.ts';

export type { ReadFolder };

/** What lies at a path, and what was found in it. Fails with `FILE_UNREADABLE`. */
export async function scanPath(
  path: string,
  options: { readonly dependencies: boolean },
): Promise<{ readonly folder: ReadFolder; readonly report: ScanReport }> {
  const folder = await readFolder(path, options);
  const { shell } = await openInspectors(folder.root, 'shell');
  return { folder, report: scanEntries(folder.entries, shell) };
}

/** What a server says of itself. */
export interface ListedServer {
  readonly tools: readonly JsonObject[];
  readonly prompts: readonly JsonObject[];
  readonly instructions: string | undefined;
  /** Absolute folders that its command names. */
  readonly folders: readonly string[];
}

/** How long a server may take to start and to list what it has. */
const DEADLINE_MS = 30_000;

/**
 * Starts a server of the configuration as the gateway does, with its credentials, asks it for its lists and ends
 * it. No tool is called. Fails with `UPSTREAM_UNAVAILABLE`.
 */
export async function listServer(
  configuration: Configuration,
  environment: Environment,
  server: ConfiguredServer,
): Promise<ListedServer> {
  const reaper = createReaper();
  const upstream = createUpstream(server, {
    secrets: secretsOf(configuration, environment),
    path: environment['PATH'],
    client: { name: 'aegis', version: VERSION },
    reaper,
    refused: () => {},
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no answer within ${DEADLINE_MS} ms`)), DEADLINE_MS);
  });
  try {
    const listed = await Promise.race([listsOf(upstream), late]);
    return { ...listed, folders: foldersOf(server) };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown problem';
    throw new AegisError('UPSTREAM_UNAVAILABLE', `server \`${server.name}\`: ${why}`);
  } finally {
    clearTimeout(timer);
    await upstream.close();
  }
}

async function listsOf(upstream: UpstreamServer): Promise<Omit<ListedServer, 'folders'>> {
  const { capabilities, instructions } = await upstream.start();
  const list = (kind: 'tools' | 'prompts') =>
    Object.hasOwn(capabilities, kind) ? upstream.list(kind) : Promise.resolve([]);
  return { tools: await list('tools'), prompts: await list('prompts'), instructions };
}

function foldersOf(server: ConfiguredServer): readonly string[] {
  if (server.kind !== 'stdio') return [];
  const words = server.command
    .slice(1)
    .filter((word) => !word.startsWith('-') && (isAbsolute(word) || /^[.~\w]/.test(word)));
  return [...new Set(words.map((word) => resolve(server.cwd, word)).filter(isFolder))];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
