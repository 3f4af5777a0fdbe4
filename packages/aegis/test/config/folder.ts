import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that is gone after the test; its real path. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a configuration file into a folder of its own. */
export function configurationFile(text: string, name = 'aegis.toml'): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, text);
  return file;
}
