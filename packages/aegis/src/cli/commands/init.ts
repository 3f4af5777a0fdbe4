import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { constants, copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AegisError, type JsonObject, POLICY_SCHEMA } from '@aegis/core';
import { answering, JSON_OPTION } from '../answer.ts';
import type { Command } from '../command.ts';
import { SELF } from '../self.ts';

const TEMPLATE = fileURLToPath(new URL('../../../templates/init/', import.meta.url));

export const init: Command = {
  options: JSON_OPTION,
  positionals: 1,
  async run(args, terminal) {
    const { positionals } = args;
    const { cwd } = terminal;
    const answer = answering(args, terminal);
    const folder = resolve(cwd, positionals[0] ?? '.');
    const files = await templateFiles();
    const written = [...files, '.aegis/agent-token'];
    const existing = written.filter((name) => existsSync(join(folder, name)));
    if (existing.length > 0) {
      throw new AegisError('INPUT_INVALID', `already there: ${existing.join(', ')}`, {
        help: 'choose an empty folder, or remove them first',
      });
    }
    for (const name of files) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await copyFile(join(TEMPLATE, name), join(folder, name), constants.COPYFILE_EXCL);
    }
    await mkdir(join(folder, '.aegis'), { recursive: true, mode: 0o700 });
    const { makeLedgerKeys } = await import('../../daemon/evidence.ts');
    await makeLedgerKeys(folder);
    const { configurationJsonSchema } = await import('../../config/json-schema.ts');
    await writeSchemas(folder, { config: configurationJsonSchema(), policy: POLICY_SCHEMA });
    written.push('.aegis/schema/ (what editors check the configuration and the rules against)');
    written.push('.aegis/keys/ (what the ledger is signed with: keep a copy elsewhere)');
    const token = `aegis_${randomBytes(32).toString('base64url')}\n`;
    await writeFile(join(folder, '.aegis/agent-token'), token, { mode: 0o600, flag: 'wx' });
    if (!existsSync(join(folder, '.gitignore'))) {
      await writeFile(join(folder, '.gitignore'), '.aegis/\n', { flag: 'wx' });
      written.push('.gitignore');
    }
    const shown = relative(cwd, folder) || '.';
    const next = `${SELF} start --config ${join(shown, 'aegis.toml')}`;
    const lines = written.map((name) => `  ${name}\n`).join('');
    answer.terminal.stdout.write(`wrote into ${shown}:\n${lines}\nnext: ${next}\n`);
    answer.give({ folder, written: written.map((name) => name.split(' ')[0]), next });
    return 0;
  },
};

async function writeSchemas(folder: string, schemas: Readonly<Record<string, JsonObject>>): Promise<void> {
  await mkdir(join(folder, '.aegis/schema'), { recursive: true });
  for (const [name, schema] of Object.entries(schemas)) {
    await writeFile(join(folder, `.aegis/schema/${name}.json`), `${JSON.stringify(schema, null, 2)}\n`);
  }
}

async function templateFiles(): Promise<string[]> {
  const entries = await readdir(TEMPLATE, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(TEMPLATE, join(entry.parentPath, entry.name)))
    .toSorted();
}
