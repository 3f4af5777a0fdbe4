import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AegisError } from '@aegis/core';
import { planUnwrap } from '../../clients/unwrap.ts';
import { removeServer } from '../../config/edit-servers.ts';
import type { Answer } from '../answer.ts';
import { mayWrite } from '../confirm.ts';
import { unifiedDiff } from '../diff.ts';
import { checkEdited } from '../edit.ts';
import { EXIT } from '../exit.ts';
import { backUp } from '../file/private.ts';
import { readText, replaceFile } from '../file/replace.ts';
import { maskOf } from '../mask.ts';
import { closeRecord, isCopyOf, type KeptRecord, readRecords } from './record.ts';
import type { Target } from './target.ts';

/** Takes the newest wrap of a client back: its file, and the servers that came from it. */
export async function undoWrap(
  targets: readonly Target[],
  { terminal, give }: Answer,
  yes: boolean,
): Promise<number> {
  const { stdout } = terminal;
  const { target, record, others } = await newestOf(targets);
  const { client, place, configuration } = target;
  const now = await readText(place.file);
  if (now === undefined) {
    throw new AegisError('FILE_UNREADABLE', `\`${place.file}\` is not there any more`, {
      help: `its text from before is in ${join(record.folder, 'before')}`,
    });
  }
  const restored = planUnwrap({ ...record, client, place, now });
  const before = (await readText(configuration)) ?? '';
  const needed = new Set(others.flatMap(({ servers }) => servers));
  let after = before;
  for (const name of record.added) {
    if (!needed.has(name)) after = without(after, configuration, name);
  }
  await checkEdited(configuration, after);
  const mask = (type: string, texts: readonly string[]) => maskOf(type, texts);
  stdout.write(`${client.title}: ${place.file}\n`);
  if (now !== record.after) stdout.write('it has changed since; what else is in it now stays\n');
  const type = `client.${client.format}`;
  stdout.write(`\n${unifiedDiff(place.file, now, restored, mask(type, [now, restored, record.before]))}`);
  if (before !== after) {
    stdout.write(`\n${unifiedDiff(configuration, before, after, mask(configuration, [before, after]))}`);
  }
  const may = await mayWrite(terminal, yes);
  if (may !== true) return may;
  await replaceFile(place.file, now, restored);
  if (before !== after) {
    await backUp(configuration, configuration, before);
    await replaceFile(configuration, before, after);
  }
  await removeSecrets(record, dirname(configuration), after);
  const aside = await closeRecord(record, now);
  stdout.write(
    `\nwrote ${place.file}\n${before === after ? '' : `wrote ${configuration}\n`}backup: ${join(aside, 'replaced')}\n`,
  );
  stdout.write(`\nnext: start ${client.title} again\n`);
  give({ file: place.file, configuration, backup: join(aside, 'replaced') });
  return EXIT.ok;
}

interface Newest {
  readonly target: Target;
  readonly record: KeptRecord;
  /** The other wraps into the same configuration. */
  readonly others: readonly KeptRecord[];
}

async function newestOf(targets: readonly Target[]): Promise<Newest> {
  for (const target of targets) {
    const { client, place, configuration } = target;
    const records = await readRecords(configuration);
    const record = records.findLast(
      (one) =>
        one.client === client.id &&
        one.file === place.file &&
        JSON.stringify(one.section) === JSON.stringify(place.section),
    );
    if (record !== undefined) return { target, record, others: records.filter((one) => one !== record) };
  }
  const title = targets[0]?.client.title ?? '';
  throw new AegisError('INPUT_INVALID', `there is nothing to undo for ${title} here`, {
    help: 'run it in the same folder, or with the same --file and --config',
  });
}

/** The configuration without a server; as it is when somebody has taken it out already. */
function without(text: string, file: string, name: string): string {
  try {
    return removeServer(text, file, name);
  } catch (error) {
    if (error instanceof AegisError && error.code === 'INPUT_INVALID') return text;
    throw error;
  }
}

/** Credentials that are back in the client's file are not kept twice. */
async function removeSecrets(
  { secrets, before }: KeptRecord,
  directory: string,
  configuration: string,
): Promise<void> {
  for (const name of secrets) {
    const file = join(directory, name);
    if (configuration.includes(name) || !existsSync(file)) continue;
    if (await isCopyOf(file, before)) await rm(file, { force: true });
  }
}
