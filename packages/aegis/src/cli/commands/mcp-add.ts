import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { AegisError } from '@aegis/core';
import { isPlain, secretArguments, withoutCredentials } from '../../clients/plain-value.ts';
import type { ConfiguredValue } from '../../config/configured/parties.ts';
import { addServer, type ServerBlock } from '../../config/edit-servers.ts';
import { anyToolMayRun } from '../allowed.ts';
import { answering, JSON_OPTION } from '../answer.ts';
import type { Arguments, Command } from '../command.ts';
import { CONFIG_OPTION, configurationFile } from '../configure.ts';
import { checkEdited, configurationText, editConfiguration } from '../edit.ts';
import { EXIT } from '../exit.ts';
import { SELF } from '../self.ts';

export const mcpAdd: Command = {
  options: {
    ...CONFIG_OPTION,
    ...JSON_OPTION,
    url: { type: 'string' },
    env: { type: 'string', multiple: true },
    header: { type: 'string', multiple: true },
    manifest: { type: 'string' },
    yes: { type: 'boolean', short: 'y' },
  },
  positionals: 1,
  takesCommand: true,
  async run(args, terminal) {
    const file = configurationFile(args, terminal);
    const server = serverOf(args, terminal.cwd, dirname(file));
    const before = await configurationText(file);
    const after = addServer(before, file, server);
    const answer = answering(args, terminal);
    const { stdout } = answer.terminal;
    const code = await editConfiguration(answer.terminal, args.options['yes'] === true, {
      file,
      before,
      after,
    });
    if (code !== undefined) return code;
    const allowed = await anyToolMayRun(await checkEdited(file, after), server.name);
    if (!allowed) {
      stdout.write(`\nno rule allows \`${server.name}\` yet: until one does, its calls are denied. For example:

  [[policies]]
  name = "use-${server.name}"
  action = "audit"
  when = { server = "${server.name}" }
`);
    }
    stdout.write(`\nnext: ${SELF} mcp list --check\n`);
    answer.give({ file, server: server.name, allowed });
    return EXIT.ok;
  },
};

function serverOf({ options, positionals, rest }: Arguments, cwd: string, directory: string): ServerBlock {
  const [name] = positionals;
  const { url, manifest } = options;
  if (name === undefined) throw usage('name the server');
  if (!/^[a-z0-9][a-z0-9_-]{0,62}$/i.test(name)) {
    throw usage(`\`${name}\` cannot name a server`, 'use letters, digits, `-` and `_`, at most 63');
  }
  if ((url === undefined) === (rest === undefined || rest.length === 0)) {
    throw usage('give either `--url` or a command behind `--`');
  }
  const declared = typeof manifest === 'string' ? { manifest: pathFrom(directory, cwd, manifest) } : {};
  const env = valuesOf('env', options['env'], cwd, directory);
  const headers = valuesOf('header', options['header'], cwd, directory);
  if (typeof url === 'string') {
    if (env !== undefined) throw usage('`--env` means nothing for a server with a URL');
    if (withoutCredentials(url) !== url) {
      throw secretFault('the URL', '--header "Authorization=env:NAME", with `Bearer …` in the variable');
    }
    return { name, url, ...(headers === undefined ? {} : { headers }), ...declared };
  }
  if (headers !== undefined) throw usage('`--header` means nothing for a server with a command');
  const command = rest ?? [];
  const [secret] = secretArguments(command);
  if (secret !== undefined) throw secretFault(`word ${secret + 1} of the command`, '--env NAME=env:NAME');
  const from = relative(directory, cwd);
  return {
    name,
    command,
    ...(from === '' ? {} : { cwd: isAbsolute(from) ? cwd : from }),
    ...(env === undefined ? {} : { env }),
    ...declared,
  };
}

/** Reads `NAME=value`, `NAME=env:OTHER`, `NAME=secret:OTHER` and `NAME=file:path`; a path starts where the person is. */
function valuesOf(
  option: 'env' | 'header',
  given: Arguments['options'][string],
  cwd: string,
  directory: string,
): Record<string, ConfiguredValue> | undefined {
  if (!Array.isArray(given)) return undefined;
  const values: Record<string, ConfiguredValue> = {};
  for (const one of given as readonly string[]) {
    const [, name, value] = /^([^=\s:]+)=(.*)$/s.exec(one) ?? [];
    if (name === undefined || value === undefined) {
      throw usage(`\`--${option}\` takes NAME=VALUE`, `for example --${option} NAME=env:NAME`);
    }
    const [, kind, reference] = /^(env|file|secret):(.+)$/s.exec(value) ?? [];
    if (reference !== undefined) {
      values[name] =
        kind === 'file'
          ? { file: pathFrom(directory, cwd, reference) }
          : kind === 'env'
            ? { env: reference }
            : { secret: reference };
    } else if (isPlain(name, value)) {
      values[name] = value;
    } else {
      // SECURITY: the value is not repeated: it is in the person's shell history already, and that is enough.
      throw secretFault(`the value of \`${name}\``, `--${option} ${name}=env:VARIABLE or ${name}=file:PATH`);
    }
  }
  return values;
}

function pathFrom(directory: string, cwd: string, path: string): string {
  const absolute = resolve(cwd, path);
  const from = relative(directory, absolute);
  return isAbsolute(path) || isAbsolute(from) ? absolute : from;
}

function usage(message: string, help = 'aegis mcp add --help'): AegisError {
  return new AegisError('USAGE', message, { help });
}

function secretFault(what: string, instead: string): AegisError {
  return new AegisError('USAGE', `${what} seems to be a credential, and the configuration holds none`, {
    help: `say where it is kept: ${instead}`,
  });
}
