import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileJournal, type Journal, memoryJournal } from '../canary/journal.ts';
import { type ServedCanaries, serveCanaries } from '../canary/serve.ts';
import { type CanaryName } from '../canary/world.ts';
import { aegisConfiguration, type Backend, CREDENTIAL_FILES } from './configuration.ts';

const CANARY = fileURLToPath(new URL('../canary/main.ts', import.meta.url));

/** A folder with Aegis's configuration, and the canaries that it names. */
export interface Workspace {
  readonly configuration: string;
  readonly ledger: string;
  readonly token: string;
  readonly otherToken: string;
  readonly journal: Journal;
  close(): Promise<void>;
}

export async function createWorkspace(kind: Backend['kind']): Promise<Workspace> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'aegis-bypass-')));
  const [token, otherToken] = ['token-of-the-caller', 'token-of-another'];
  mkdirSync(join(folder, '.aegis'), { mode: 0o700 });
  for (const [file, value] of [...CREDENTIAL_FILES, ['token', token], ['other-token', otherToken]] as const) {
    const path = join(folder, '.aegis', file);
    writeFileSync(path, value, { mode: 0o600 });
    chmodSync(path, 0o600);
  }
  const file = join(folder, 'journal');
  const journal = kind === 'http' ? memoryJournal() : fileJournal(file);
  let served: ServedCanaries | undefined;
  const backend = async (): Promise<Backend> => {
    if (kind === 'http') {
      served = await serveCanaries(journal);
      return { kind, urls: served.urls };
    }
    const command = (name: CanaryName): string[] => [process.execPath, CANARY, name, file];
    return { kind, commands: { canary: command('canary'), neighbour: command('neighbour') } };
  };
  const configuration = join(folder, 'aegis.toml');
  writeFileSync(configuration, aegisConfiguration(await backend()));
  return {
    configuration,
    ledger: join(folder, '.aegis/aegis.db'),
    token,
    otherToken,
    journal,
    close: async () => {
      await served?.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
