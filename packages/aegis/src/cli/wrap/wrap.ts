import { printable } from '@aegis/core';
import { anyToolMayRun } from '../allowed.ts';
import type { Answer } from '../answer.ts';
import { mayWrite } from '../confirm.ts';
import { unifiedDiff } from '../diff.ts';
import { checkEdited } from '../edit.ts';
import { EXIT } from '../exit.ts';
import { maskOf } from '../mask.ts';
import { SELF } from '../self.ts';
import { type PreparedWrap, prepareFirst } from './prepare.ts';
import { findTargets, type Target } from './target.ts';
import { writeWrap } from './write.ts';

interface WrapOptions {
  readonly yes: boolean;
  /** The only servers to move, by the client's names. */
  readonly only?: readonly string[];
  /** The options with which the same place is found again. */
  readonly again: string;
}

/** Moves a client's servers behind Aegis: plans, shows, asks, writes. Resolves to the exit code. */
export async function wrapClient(
  targets: readonly Target[],
  { terminal, give }: Answer,
  options: WrapOptions,
): Promise<number> {
  const { stdout } = terminal;
  const found = await findTargets(targets);
  const prepared = await prepareFirst(found, terminal, options.only);
  const { target, plan, before, after } = prepared;
  const { file } = target.place;
  const told = {
    file,
    configuration: target.configuration,
    moved: plan.moved.map(({ server }) => server.name),
    left: plan.left,
  };
  stdout.write(summary(prepared));
  if (plan.moved.length === 0) {
    stdout.write('\nnothing can be moved, and nothing was changed\n');
    give(told);
    return EXIT.ok;
  }
  const configuration = await checkEdited(target.configuration, after);
  if (before !== after) {
    const mask = maskOf(target.configuration, [before ?? '', after]);
    stdout.write(`\n${unifiedDiff(target.configuration, before, after, mask)}`);
  }
  stdout.write(
    `\n${unifiedDiff(file, target.text, plan.text, maskOf(fileType(target), [target.text, plan.text]))}`,
  );
  const may = await mayWrite(terminal, options.yes);
  if (may !== true) return may;
  const backup = await writeWrap(prepared);
  stdout.write(`\nwrote ${target.configuration}\nwrote ${file}\nbackup: ${backup}\n`);
  const denied: string[] = [];
  for (const { server } of plan.moved) {
    if (!(await anyToolMayRun(configuration, server.name))) denied.push(server.name);
  }
  stdout.write(afterwards(prepared, denied, found, options.again));
  give({ ...told, backup, denied });
  return EXIT.ok;
}

/** How the mask is to read the client's file, whatever its name says. */
function fileType({ client }: Target): string {
  return `client.${client.format}`;
}

function summary({ target, plan }: PreparedWrap): string {
  const { client, place, configuration } = target;
  const where = place.project === undefined ? 'for every project' : `for ${place.project}`;
  const width = Math.max(
    0,
    ...plan.moved.map(({ from }) => from.length),
    ...plan.left.map(({ name }) => name.length),
  );
  const moves = plan.moved.map(({ from, server, known, secrets }) => {
    const facts = [
      ...(server.name === from ? [] : [`as \`${server.name}\``]),
      ...(known ? ['which the configuration has already'] : []),
      ...(secrets > 0
        ? [`${secrets} ${secrets === 1 ? 'credential goes' : 'credentials go'} into private files`]
        : []),
      ...(server.url !== undefined && server.headers === undefined
        ? ['without credentials: leave it out if your client signed in to it']
        : []),
    ];
    return `  moves  ${from.padEnd(width)}  ${facts.join(', ')}`;
  });
  const stays = plan.left.map(({ name, why }) => `  stays  ${name.padEnd(width)}  ${why}`);
  const lines = [...moves, ...stays].map((line) => printable(line).trimEnd());
  return `${client.title}, ${where}: ${place.file}\ninto ${configuration}\n\n${lines.join('\n')}\n`;
}

function afterwards(
  { target, plan: { entry } }: PreparedWrap,
  denied: readonly string[],
  found: readonly Target[],
  again: string,
): string {
  const { client, place } = target;
  const rule = `
no rule allows ${denied.map((name) => `\`${name}\``).join(', ')} yet: until one does, the calls are denied. For example:

  [[policies]]
  name = "use-the-servers-of-${client.id}"
  action = "audit"
  when = { server = [${denied.map((name) => JSON.stringify(name)).join(', ')}] }
`;
  const others = [...new Set(found.filter((one) => one.place !== place).map((one) => one.place.file))];
  const more = `\n${client.title} has more servers in ${others.join(', ')}: run this again\n`;
  return `${denied.length > 0 ? rule : ''}${others.length > 0 ? more : ''}
next: ${client.reload(entry)}
undo: ${SELF} mcp wrap ${client.id} --undo${again}
`;
}
