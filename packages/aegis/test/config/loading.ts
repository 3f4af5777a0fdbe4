import { dirname } from 'node:path';
import { expect } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { configurationFile } from './folder.ts';

/** Loads a text as a file of its own. */
export async function load(text: string, name?: string) {
  const file = configurationFile(text, name);
  const { configuration, diagnostics } = await loadConfiguration(file);
  return { configuration, diagnostics, file, directory: dirname(file) };
}

/** The configuration that a text is; fails when it is none. */
export async function loaded(text: string) {
  const { configuration, diagnostics, directory } = await load(text);
  if (configuration === undefined) throw new Error(JSON.stringify(diagnostics));
  return { ...configuration, directory };
}

/** What is wrong with a text: `line:column code: message`, and the help after it. */
export async function faults(text: string): Promise<string[]> {
  const { configuration, diagnostics } = await load(text);
  expect(configuration).toBeUndefined();
  return diagnostics.map(({ at, code, message, help }) => {
    const said = `${at.line}:${at.column} ${code}: ${message}`;
    return help === undefined ? said : `${said} / ${help}`;
  });
}
