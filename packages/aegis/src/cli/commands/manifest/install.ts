import { dirname, isAbsolute, relative } from 'node:path';
import { AegisError } from '@aegis/core';
import type { Configuration } from '../../../config/configuration.ts';
import { type ManifestPlace, setManifest } from '../../../config/edit-manifest.ts';
import { readConfiguration } from '../../../config/load.ts';
import type { KnownManifest } from '../../../daemon/manifest.ts';
import type { Arguments, Command } from '../../command.ts';
import { CONFIG_OPTION, configurationFile, loaded } from '../../configure.ts';
import { configurationText, editConfiguration } from '../../edit.ts';
import { EXIT } from '../../exit.ts';
import { named, readKnown } from '../../manifest/named.ts';
import { describeManifest } from '../../manifest/shown.ts';

export const manifestInstall: Command = {
  options: { ...CONFIG_OPTION, agent: { type: 'string' }, yes: { type: 'boolean', short: 'y' } },
  positionals: 1,
  async run(args, terminal) {
    const { file: manifest, known } = await readKnown(
      named(args, 'a manifest', 'manifest install'),
      terminal,
    );
    const file = configurationFile(args, terminal);
    const before = await configurationText(file);
    const place = placeFor(known, args, loaded(readConfiguration(file, before)));
    const path = pathFrom(dirname(file), manifest);
    const after = setManifest(before, file, place, path);
    terminal.stdout.write(`${describeManifest(known)}\n`);
    if (after === before) {
      terminal.stdout.write(`${file} names it already\n`);
      return EXIT.ok;
    }
    const code = await editConfiguration(terminal, args.options['yes'] === true, { file, before, after });
    return code ?? EXIT.ok;
  },
};

/** Whose manifest it is: the server that it names; the agent that is named, or that has its name. */
function placeFor(known: KnownManifest, { options }: Arguments, configuration: Configuration): ManifestPlace {
  const { agent } = options;
  if (known.kind === 'server') {
    if (agent !== undefined) throw usage('this is the manifest of a server: `--agent` means nothing for it');
    return { list: 'servers', name: known.manifest.server };
  }
  const { agents, stdioAgent } = configuration;
  const name = typeof agent === 'string' ? agent : known.manifest.name;
  if (agents.some((declared) => declared.name === name)) return { list: 'agents', name };
  if (name === stdioAgent) return { list: 'stdio' };
  const others = [...new Set([...agents.map((declared) => declared.name), stdioAgent])];
  throw new AegisError('INPUT_INVALID', `there is no agent \`${name}\``, {
    help: `say whose manifest it is with --agent: ${others.join(', ')}`,
  });
}

function pathFrom(directory: string, path: string): string {
  const from = relative(directory, path);
  return isAbsolute(from) ? path : from.replaceAll('\\', '/');
}

function usage(message: string): AegisError {
  return new AegisError('USAGE', message, { help: 'aegis manifest install --help' });
}
