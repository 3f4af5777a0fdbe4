import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatDiagnostic, type JsonObject, readCases, readDocument, runCase } from '@aegis/core';
import { onTestFinished } from 'vitest';
import { loadConfiguration } from '../../packages/aegis/src/config/load.ts';
import { loadRules } from '../../packages/aegis/src/daemon/rules.ts';
import { openCaseHost } from '../../packages/aegis/src/daemon/trial.ts';

/** Loads a configuration and the files beside it as the product does; they are gone after the test. */
export async function openWorkspace(configurationName: string, files: Readonly<Record<string, string>>) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'aegis-policies-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { configuration, diagnostics } = await loadConfiguration(join(folder, configurationName));
  if (configuration === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  const host = await openCaseHost(configuration, await loadRules(configuration));
  const decide = (server: string, tool: string, args: JsonObject) => {
    const cases = [{ name: tool, call: { server, tool, args }, expect: 'allow' }];
    const document = readDocument({ text: JSON.stringify({ cases }), file: 'cases.json' });
    const [policyCase] = readCases(document).cases ?? [];
    if (policyCase === undefined) throw new Error('not a case');
    return runCase(host, policyCase).explanation.decision;
  };
  return { configuration, decide };
}
