import { constants } from 'node:fs';
import { access, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { backUp, makePrivate, writePrivate } from '../file/private.ts';
import { replaceFile, unwritable } from '../file/replace.ts';
import { keepRecord } from './record.ts';
import type { PreparedWrap } from './prepare.ts';

/**
 * Writes a wrap: the credentials, the backup, the configuration, and the client's file last, so that
 * the client never points at what is not there. When a step fails, what was written before is taken
 * back. Gives the file that holds the client's file as it was.
 */
export async function writeWrap({ target, plan, before, after }: PreparedWrap): Promise<string> {
  const { client, place, configuration, text } = target;
  const directory = dirname(configuration);
  await writable(place.file);
  const takeBack: (() => Promise<void>)[] = [];
  try {
    await mkdir(directory, { recursive: true }).catch((error: unknown) => {
      throw unwritable(directory, error);
    });
    if (plan.secrets.length > 0) await makePrivate(configuration, 'secrets');
    for (const { file, value } of plan.secrets) {
      const path = join(directory, file);
      await writePrivate(path, secretText(value));
      takeBack.push(() => rm(path, { force: true }));
    }
    const names = plan.moved.map(({ server }) => server.name);
    const folder = await keepRecord(
      configuration,
      {
        client: client.id,
        file: place.file,
        section: place.section,
        entry: plan.entry,
        moved: plan.moved.map(({ from }) => from),
        servers: names,
        added: plan.moved.filter(({ known }) => !known).map(({ server }) => server.name),
        secrets: plan.secrets.map(({ file }) => file),
      },
      { before: text, after: plan.text },
    );
    takeBack.push(() => rm(folder, { recursive: true, force: true }));
    if (before !== after) {
      if (before !== undefined) await backUp(configuration, configuration, before);
      await replaceFile(configuration, before, after);
      takeBack.push(() =>
        before === undefined ? rm(configuration, { force: true }) : replaceFile(configuration, after, before),
      );
    }
    await replaceFile(place.file, text, plan.text);
    return join(folder, 'before');
  } catch (error) {
    for (const step of takeBack.toReversed()) await step().catch(() => {});
    throw error;
  }
}

/** What a file holds for a credential: whoever reads it cuts one line break from its end. */
function secretText(value: string): string {
  return /[\r\n]$/.test(value) ? `${value}\n` : value;
}

/** Says at once what would fail at the last step. */
async function writable(file: string): Promise<void> {
  try {
    await access(file, constants.W_OK);
    await access(dirname(file), constants.W_OK);
  } catch (error) {
    throw unwritable(file, error);
  }
}
