import { globSync, readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type CaseResult,
  formatDiagnostic,
  type PolicyCase,
  readCases,
  readDocument,
  runCase,
} from '@aegis/core';
import type { Configuration } from '../../packages/aegis/src/config/configuration.ts';
import { loadConfiguration } from '../../packages/aegis/src/config/load.ts';
import { loadRules } from '../../packages/aegis/src/daemon/rules.ts';
import { openCaseHost } from '../../packages/aegis/src/daemon/trial.ts';

const POLICIES = fileURLToPath(new URL('../../policies/', import.meta.url));

/** What a module in Rego decides has tests beside the module. */
const MODULES = 'rego';

/** The folders that have a configuration, by their paths from `policies`. */
export const FOLDERS: readonly string[] = globSync('**/aegis.toml', { cwd: POLICIES })
  .map((file) => dirname(file))
  .filter((folder) => folder !== MODULES)
  .toSorted();

export interface Tried extends CaseResult {
  readonly policyCase: PolicyCase;
}

/** Loads a folder as the product does, and runs its cases. Throws for what does not load. */
export async function tryFolder(folder: string) {
  const { configuration, diagnostics } = await loadConfiguration(`${POLICIES}${folder}/aegis.toml`);
  if (configuration === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  const rules = await loadRules(configuration);
  const host = await openCaseHost(configuration, rules);
  const file = `${POLICIES}${folder}/cases.yaml`;
  const read = readCases(readDocument({ text: readFileSync(file, 'utf8'), file }));
  if (read.cases === undefined) throw new Error(read.diagnostics.map(formatDiagnostic).join('\n'));
  const tried = read.cases.map(
    (policyCase): Tried => Object.assign(runCase(host, policyCase), { policyCase }),
  );
  return { configuration, policy: rules.policy, tried };
}

/** Every file under `policies` that belongs to those folders, or to none. */
export function filesThere(): readonly string[] {
  return globSync('**/*.*', { cwd: POLICIES })
    .filter((file) => !file.startsWith(`${MODULES}/`))
    .toSorted();
}

/** The files that a configuration leads to, itself and its cases included. */
export function filesOf({ directory, file, policyFiles, servers, agents, stdioManifest }: Configuration) {
  const manifests = [...servers, ...agents].flatMap(({ manifest }) => manifest ?? []);
  const all = [
    file,
    `${directory}/cases.yaml`,
    ...policyFiles,
    ...manifests,
    ...(stdioManifest === undefined ? [] : [stdioManifest]),
  ];
  return all.map((path) => relative(POLICIES, path));
}
