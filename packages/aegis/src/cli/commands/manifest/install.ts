import { dirname, isAbsolute, relative } from 'node:path';
import { AegisError } from '@aegis/core';
import type { Configuration } from '../../../config/configuration.ts';
import { type ManifestPlace, setManifest } from '../../../config/edit-manifest.ts';
import { readConfiguration } from '../../../config/load.ts';
import type { KnownManifest } from '../../../daemon/manifest.ts';
import { answering, JSON_OPTION } from '../../answer.ts';
import type { Arguments, Command } from '../../command.ts';
import { CONFIG_OPTION, configurationFile, loaded } from '../../configure.ts';
import { configurationText, editConfiguration } from '../../edit.ts';
import { EXIT } from '../../exit.ts';
import { named, readKnown } from '../../manifest/named.ts';
import { describeManifest } from '../../manifest/shown.ts';

export const manifestInstall: Command = {
  options: {
    ...CONFIG_OPTION,
    ...JSON_OPTION,
    agent: { type: 'string' },
    yes: { type: 'boolean', short: 'y' },
  },
  positionals: 1,
  async run(args, terminal) {
    const word = named(args, 'a manifest', 'manifest install');
    const file = configurationFile(args, terminal);
    const before = await configurationText(file);
    const configuration = loaded(readConfiguration(file, before));
    const { file: manifest, known } = await readKnown(word, terminal, configuration.trust);
    const place = placeFor(known, args, configuration);
    const path = pathFrom(dirname(file), manifest);
    const after = setManifest(before, file, place, path);
    const answer = answering(args, terminal);
    const { stdout } = answer.terminal;
    const told = { file, manifest: path, place };
    stdout.write(`${describeManifest(known)}\n`);
    if (after === before) {
      stdout.write(`${file} names it already\n`);
      answer.give({ ...told, changed: false });
      return EXIT.ok;
    }
    const yes = args.options['yes'] === true;
    const code = await editConfiguration(answer.terminal, yes, { file, before, after });
    if (code !== undefined) return code;
    answer.give({ ...told, changed: true });
    return EXIT.ok;
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
