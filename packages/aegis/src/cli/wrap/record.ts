import { existsSync } from 'node:fs';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aegisFolder, makePrivate, writePrivate } from '../file/private.ts';
import { readText, unwritable } from '../file/replace.ts';

/** What one `aegis mcp wrap` did, so that it can be undone. */
export interface WrapRecord {
  readonly client: string;
  readonly file: string;
  readonly section: readonly string[];
  /** The name of the entry that starts Aegis. */
  readonly entry: string;
  /** The client's names of the servers that were moved. */
  readonly moved: readonly string[];
  /** Their names in the configuration, and those of them that it had not before. */
  readonly servers: readonly string[];
  readonly added: readonly string[];
  /** The files that credentials were put into, as the configuration names them. */
  readonly secrets: readonly string[];
}

export interface KeptRecord extends WrapRecord {
  readonly folder: string;
  /** The client's file before and after. */
  readonly before: string;
  readonly after: string;
}

const DETAILS = 'wrap.json';
const UNDONE = '.undone';

/** Keeps a record, with the client's file before and after; gives its folder. */
export async function keepRecord(
  configuration: string,
  record: WrapRecord,
  texts: { readonly before: string; readonly after: string },
): Promise<string> {
  const folder = await makePrivate(
    configuration,
    'clients',
    record.client,
    nextName(configuration, record.client),
  );
  await writePrivate(join(folder, 'before'), texts.before);
  await writePrivate(join(folder, 'after'), texts.after);
  await writePrivate(join(folder, DETAILS), `${JSON.stringify(record, null, 2)}\n`);
  return folder;
}

function nextName(configuration: string, client: string): string {
  const folder = join(aegisFolder(configuration), 'clients', client);
  let n = 1;
  while (existsSync(join(folder, String(n))) || existsSync(join(folder, `${n}${UNDONE}`))) n++;
  return String(n);
}

/** The records of wraps that were not undone, of every client, the newest of each last. */
export async function readRecords(configuration: string): Promise<readonly KeptRecord[]> {
  const root = join(aegisFolder(configuration), 'clients');
  const records: KeptRecord[] = [];
  for (const client of await names(root)) {
    const numbers = (await names(join(root, client))).filter((name) => /^\d+$/.test(name));
    for (const number of numbers.toSorted((a, b) => Number(a) - Number(b))) {
      const folder = join(root, client, number);
      const details = await readText(join(folder, DETAILS));
      const before = await readText(join(folder, 'before'));
      const after = await readText(join(folder, 'after'));
      // A wrap that was stopped half way has no details: it changed nothing.
      if (details === undefined || before === undefined || after === undefined) continue;
      records.push({ ...(JSON.parse(details) as WrapRecord), folder, before, after });
    }
  }
  return records;
}

/** Sets a record aside, with the client's file as it was when the wrap was undone. */
export async function closeRecord({ folder }: KeptRecord, replaced: string): Promise<string> {
  const aside = `${folder}${UNDONE}`;
  try {
    await writeFile(join(folder, 'replaced'), replaced, { mode: 0o600 });
    await rename(folder, aside);
    return aside;
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** Whether a private file still holds just a text that a backup holds too. */
export async function isCopyOf(file: string, backup: string): Promise<boolean> {
  const text = (await readFile(file, 'utf8').catch(() => undefined))?.replace(/([\r\n])\n$/, '$1');
  return text !== undefined && (backup.includes(text) || backup.includes(JSON.stringify(text).slice(1, -1)));
}

async function names(folder: string): Promise<string[]> {
  return existsSync(folder) ? await readdir(folder) : [];
}
