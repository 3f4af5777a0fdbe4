import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { AegisError } from '@aegis/core';
import type { Configuration } from '../../../config/configuration.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configure } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { readKnown } from '../../manifest/named.ts';
import { describeManifest } from '../../manifest/shown.ts';
import { visible } from '../../tools/visible.ts';

export const manifestShow: Command = {
  options: CONFIG_OPTION,
  positionals: 1,
  async run(args, terminal) {
    const [word] = args.positionals;
    const { stdout, cwd } = terminal;
    if (word !== undefined && existsSync(resolve(cwd, word))) {
      stdout.write(describeManifest((await readKnown(word, terminal)).known));
      return EXIT.ok;
    }
    const configuration = await configure(args, terminal);
    const owners = ownersOf(configuration);
    if (word === undefined) {
      const lines = owners.map(({ what, name, file }) => {
        const where = file === undefined ? 'no manifest' : relative(configuration.directory, file);
        return `${what.padEnd(6)}  ${visible(name)}  ${visible(where)}\n`;
      });
      stdout.write(lines.join('') || `neither servers nor agents in ${configuration.file}\n`);
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
    for (const file of files) stdout.write(describeManifest((await readKnown(file, terminal)).known));
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
