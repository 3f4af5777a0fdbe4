import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { AegisError } from '@aegis/core';
import type { Configuration } from '../../../config/configuration.ts';
import { answering, JSON_OPTION } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configure } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { readKnown, trustNamed } from '../../manifest/named.ts';
import { describeManifest, manifestJson } from '../../manifest/shown.ts';
import { visible } from '../../tools/visible.ts';

export const manifestShow: Command = {
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  positionals: 1,
  async run(args, terminal) {
    const [word] = args.positionals;
    const { cwd } = terminal;
    const { json } = answering(args, terminal);
    const write = (text: string): void => void terminal.stdout.write(text);
    const show = async (file: string): Promise<void> => {
      const { known } = await readKnown(file, terminal, await trustNamed(args, terminal));
      write(json ? `${JSON.stringify(manifestJson(known))}\n` : describeManifest(known));
    };
    if (word !== undefined && existsSync(resolve(cwd, word))) {
      await show(word);
      return EXIT.ok;
    }
    const configuration = await configure(args, terminal);
    const owners = ownersOf(configuration);
    if (word === undefined && json) {
      for (const { what, name, file } of owners)
        write(`${JSON.stringify({ kind: what, name, manifest: file ?? null })}\n`);
      return EXIT.ok;
    }
    if (word === undefined) {
      const lines = owners.map(({ what, name, file }) => {
        const where = file === undefined ? 'no manifest' : relative(configuration.directory, file);
        return `${what.padEnd(6)}  ${visible(name)}  ${visible(where)}\n`;
      });
      write(lines.join('') || `neither servers nor agents in ${configuration.file}\n`);
      return EXIT.ok;
    }
    const meant = owners.filter(({ name }) => name === word);
    const files = new Set(meant.flatMap(({ file }) => file ?? []));
    if (files.size === 0) {
      const message =
        meant.length > 0
          ? `\`${word}\` has no manifest`
          : `there is no file, no server and no agent \`${word}\``;
      throw new AegisError('INPUT_INVALID', message, { help: 'aegis manifest show' });
    }
    for (const file of files) await show(file);
    return EXIT.ok;
  },
};

interface Owner {
  readonly what: 'server' | 'agent';
  readonly name: string;
  readonly file: string | undefined;
}

function ownersOf({ servers, agents, stdioAgent, stdioManifest }: Configuration): readonly Owner[] {
  const others = agents.filter(({ name }) => name !== stdioAgent);
  return [
    ...servers.map(({ name, manifest }): Owner => ({ what: 'server', name, file: manifest })),
    { what: 'agent', name: stdioAgent, file: stdioManifest },
    ...others.map(({ name, manifest }): Owner => ({ what: 'agent', name, file: manifest })),
  ];
}
