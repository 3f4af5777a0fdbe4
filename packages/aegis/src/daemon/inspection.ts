import { homedir } from 'node:os';
import type { InspectedKind, InspectPlatform, KnownValues, SqlDialect } from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import type { ConfiguredServer } from '../config/configured/parties.ts';
import type { Ruleset } from '../enforce/ruleset.ts';
import { classifyingReader } from '../inspect/classifier/classifying-reader.ts';
import { ThreadedReader } from '../inspect/content/reader.ts';
import { createInspectPlatform } from '../inspect/platform.ts';
import type { ContentReader } from '../ports.ts';

/** Relative paths in arguments are read from where the server runs. */
export async function createInspection(
  servers: readonly ConfiguredServer[],
  directory: string,
  rules: Ruleset,
): Promise<(server: string) => InspectPlatform> {
  const platform = await createInspectPlatform({
    baseDir: directory,
    homeDir: homedir(),
    dialects: dialectsOf(rules),
    shell: readsShell(rules),
  });
  const platforms = new Map(
    servers.map((server) => [
      server.name,
      server.kind === 'stdio' ? { ...platform, baseDir: server.cwd } : platform,
    ]),
  );
  return (server) => platforms.get(server) ?? platform;
}

function readsShell({ manifests }: Ruleset): boolean {
  return [...manifests.values()].some(({ tools }) =>
    [...tools.values()].some(({ args }) =>
      [...args.values()].some(({ kind }) => kind === 'shell' || kind === 'shell-value'),
    ),
  );
}

function dialectsOf({ manifests }: Ruleset): SqlDialect[] {
  const dialects = new Set<SqlDialect>();
  for (const { tools } of manifests.values()) {
    for (const { args } of tools.values()) {
      for (const kind of args.values()) if (kind.kind === 'sql') dialects.add(kind.dialect);
    }
  }
  return [...dialects];
}

/** Every inspector, or what those of one kind need, with relative paths read from a folder. */
export function openInspectors(baseDir: string, kind?: InspectedKind): Promise<InspectPlatform> {
  const isNeeded = (language: string): boolean => kind?.startsWith(language) ?? true;
  return createInspectPlatform({
    baseDir,
    homeDir: homedir(),
    dialects: isNeeded('sql') ? ['postgresql', 'sqlite', 'mysql'] : [],
    shell: isNeeded('shell'),
  });
}

/** Who reads content, with the classifier that the configuration names; `known` are not shown to it. */
export async function openReader(
  { classifier }: Pick<Configuration, 'classifier'>,
  known: () => KnownValues,
): Promise<{ readonly reader: ContentReader; close(): Promise<void> }> {
  const threads = new ThreadedReader();
  const close = (): Promise<void> => threads.close();
  if (classifier === undefined) return { reader: threads, close };
  const { classifierAt } = await import('../inspect/classifier/endpoint.ts');
  const asked = classifierAt(classifier.url, classifier.deadlineMs);
  return { reader: classifyingReader(threads, asked, classifier.failure, known), close };
}
