import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { grantAccess } from '../servers/database/credential.ts';

const TEMPLATE = import.meta.dirname;
const DATABASE = 'customers.db';

/**
 * Creates the example workspace in `directory`, which is made when missing: configuration, manifests,
 * documents, objects, a filled database, and fresh credentials under `.aegis/secrets` (mode 0600).
 * Throws when there is a database or a configuration already, so that a second run changes nothing.
 */
export async function seedWorkspace(directory: string): Promise<void> {
  const workspace = resolve(directory);
  const present = [DATABASE, 'aegis.toml'].find((file) => existsSync(join(workspace, file)));
  if (present !== undefined) {
    throw new Error(`\`${join(workspace, present)}\` exists already: seed an empty folder`);
  }
  await mkdir(workspace, { recursive: true });
  for (const folder of ['manifests', 'files', 'objects']) {
    await cp(join(TEMPLATE, folder), join(workspace, folder), { recursive: true });
  }
  const configuration = await readFile(join(TEMPLATE, 'aegis.toml'), 'utf8');
  await writeFile(join(workspace, 'aegis.toml'), anchored(configuration));

  const databaseToken = await createToken(workspace, 'database-token');
  await createToken(workspace, 'agent-token');
  await createDatabase(join(workspace, DATABASE), databaseToken);
}

/**
 * The template starts the servers by paths relative to itself and by whichever `node` is first on the
 * path; a workspace elsewhere names both absolutely.
 */
function anchored(configuration: string): string {
  return configuration
    .replaceAll(/"(\.\.\/[^"]+)"/g, (_, path: string) => JSON.stringify(resolve(TEMPLATE, path)))
    .replaceAll('command = ["node", ', `command = [${JSON.stringify(process.execPath)}, `);
}

async function createToken(workspace: string, name: string): Promise<string> {
  const secrets = join(workspace, '.aegis', 'secrets');
  await mkdir(secrets, { recursive: true, mode: 0o700 });
  const token = randomBytes(32).toString('base64url');
  await writeFile(join(secrets, name), token, { mode: 0o600, flag: 'wx' });
  return token;
}

async function createDatabase(file: string, token: string): Promise<void> {
  const database = new DatabaseSync(file);
  try {
    database.exec(await readFile(join(TEMPLATE, 'customers.sql'), 'utf8'));
  } finally {
    database.close();
  }
  grantAccess(file, token);
}

if (import.meta.main) {
  const [directory] = process.argv.slice(2);
  if (directory === undefined) {
    process.stderr.write('usage: node examples/workspace/seed.ts <directory>\n');
    process.exitCode = 2;
  } else {
    await seedWorkspace(directory);
    process.stdout.write(`${join(resolve(directory), 'aegis.toml')}\n`);
  }
}
