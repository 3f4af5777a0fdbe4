import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedWorkspace } from '../../examples/workspace/seed.ts';

export interface Workspace {
  readonly folder: string;
  readonly configuration: string;
  readonly ledger: string;
  readonly agentToken: string;
  readonly databaseToken: string;
  remove(): void;
}

/** A fresh copy of the example workspace whose daemon listens on a port of the system's choice. */
export async function createWorkspace(): Promise<Workspace> {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-e2e-'));
  await seedWorkspace(folder);
  const configuration = join(folder, 'aegis.toml');
  const text = readFileSync(configuration, 'utf8');
  writeFileSync(configuration, text.replace('127.0.0.1:8080', '127.0.0.1:0'));
  const secret = (name: string): string => readFileSync(join(folder, '.aegis/secrets', name), 'utf8').trim();
  return {
    folder,
    configuration,
    ledger: join(folder, '.aegis/aegis.db'),
    agentToken: secret('agent-token'),
    databaseToken: secret('database-token'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
