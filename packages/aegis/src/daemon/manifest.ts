import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  AegisError,
  type AgentManifest,
  type Diagnostic,
  isJsonObject,
  linkManifests,
  readDocument,
  readManifest,
  type ServerManifest,
  type SourceDocument,
  sortDiagnostics,
} from '@aegis/core';
import { resolvePath } from '../inspect/resolve-path.ts';
import { sha256 } from '../platform.ts';
import { loadAgentManifests, type Trust } from '../source/agent-manifests.ts';
import { readDisk } from '../source/texts.ts';

/** A manifest of either kind. */
export type KnownManifest =
  | { readonly kind: 'server'; readonly manifest: ServerManifest }
  | { readonly kind: 'agent'; readonly manifest: AgentManifest };

/** What a file is by itself; with any diagnostic it is no manifest. */
export interface CheckedManifest {
  readonly known?: KnownManifest;
  readonly diagnostics: readonly Diagnostic[];
}

const DEV: Trust = { mode: 'dev', keys: [] };

/**
 * Reads a manifest by itself: everything wrong with it, with its files and its signature as far as they are stated.
 * Who signed it is asked where `trust` says so. Fails with `FILE_UNREADABLE`.
 */
export async function checkManifest(file: string, trust: Trust = DEV): Promise<CheckedManifest> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new AegisError('FILE_UNREADABLE', `cannot read \`${file}\`: ${error.code ?? 'unknown error'}`);
  });
  const document = readDocument({ text, file });
  return isOfAgent(document) ? checkAgent(file, text, trust) : checkServer(file, document);
}

/** The first lines tell which kind a person meant. */
function isOfAgent({ value }: SourceDocument): boolean {
  if (!isJsonObject(value) || Object.hasOwn(value, 'server')) return false;
  return ['schema', 'permissions', 'publisher'].some((key) => Object.hasOwn(value, key));
}

function checkServer(file: string, document: SourceDocument): CheckedManifest {
  const folder = dirname(file);
  const { manifest, diagnostics } = readManifest(document, {
    resolve: (path) => resolvePath(resolve(folder, path)),
  });
  if (manifest === undefined) return { diagnostics };
  const linked = linkManifests([{ manifest, document }]);
  return linked.diagnostics.length > 0
    ? { diagnostics: sortDiagnostics(linked.diagnostics) }
    : { known: { kind: 'server', manifest }, diagnostics: [] };
}

async function checkAgent(file: string, text: string, trust: Trust): Promise<CheckedManifest> {
  const diagnostics: Diagnostic[] = [];
  const read = () => Promise.resolve(text);
  const options = { read, readText: readDisk, resolvePath, sha256, diagnostics };
  const { manifests } = await loadAgentManifests([{ name: '', manifest: file }], trust, options);
  const manifest = manifests.get('');
  return manifest === undefined || diagnostics.length > 0
    ? { diagnostics: sortDiagnostics(diagnostics) }
    : { known: { kind: 'agent', manifest }, diagnostics: [] };
}
