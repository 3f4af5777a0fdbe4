import { hash, randomBytes } from 'node:crypto';
import { AegisError, ROLES, type Role } from '@aegis/core';
import { addPerson } from '../../../config/edit-people.ts';
import { answering, JSON_OPTION } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configurationFile } from '../../configure.ts';
import { configurationText, editConfiguration } from '../../edit.ts';
import { EXIT } from '../../exit.ts';

/** 256 bits from the operating system: nothing that could be guessed, so that a plain digest keeps it. */
const TOKEN_BYTES = 32;

export const peopleAdd: Command = {
  options: {
    ...CONFIG_OPTION,
    ...JSON_OPTION,
    role: { type: 'string', multiple: true },
    tenant: { type: 'string' },
    yes: { type: 'boolean', short: 'y' },
  },
  positionals: 1,
  async run(args, terminal) {
    const [name] = args.positionals;
    if (name === undefined) throw usage('name the person');
    const roles = rolesOf(args.options['role']);
    const { tenant } = args.options;
    const file = configurationFile(args, terminal);
    const before = await configurationText(file);
    const token = `aegis_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
    const after = addPerson(before, file, {
      name,
      roles,
      ...(typeof tenant === 'string' ? { tenant } : {}),
      token_sha256: hash('sha256', token),
    });
    const answer = answering(args, terminal);
    const yes = args.options['yes'] === true;
    const code = await editConfiguration(answer.terminal, yes, { file, before, after });
    if (code !== undefined) return code;
    // SECURITY: shown this once, in one place; nothing but its digest is kept.
    answer.give({ file, name, roles, token });
    if (answer.json) return EXIT.ok;
    terminal.stdout.write(`
the token of ${name}, which is shown this once and kept nowhere:

  ${token}

A daemon that runs knows it after a restart.
`);
    return EXIT.ok;
  },
};

function rolesOf(given: unknown): readonly Role[] {
  const names = Array.isArray(given) ? [...new Set(given as readonly string[])] : [];
  if (names.length === 0) throw usage(`say what the person may do with \`--role\`: ${ROLES.join(', ')}`);
  return names.map((name) => {
    const role = ROLES.find((known) => known === name);
    if (role === undefined) throw usage(`\`${name}\` is no role: there are ${ROLES.join(', ')}`);
    return role;
  });
}

function usage(message: string): AegisError {
  return new AegisError('USAGE', message, { help: 'aegis people add --help' });
}
