import { resolve } from 'node:path';
import { AegisError, printable } from '@aegis/core';
import { signCheckpoint } from '../../../keeper/checkpoint.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { textOf } from '../../ledger/given.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';
import { writeNew } from '../../ledger/write-new.ts';
import { warner } from '../../warner.ts';

export const ledgerCheckpoint: Command = {
  options: {
    ...CONFIG_OPTION,
    installation: { type: 'boolean' },
    tenant: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: 0,
  async run(args, terminal) {
    const installation = args.options['installation'] === true;
    const tenant = textOf(args, 'tenant');
    if (installation && tenant !== undefined) {
      throw new AegisError('USAGE', 'the log of the installation is of no tenant: give one of the two', {
        help: 'aegis ledger checkpoint --help',
      });
    }
    const { stdout, stderr, cwd } = terminal;
    const shown = await signCheckpoint(
      await ledgerPlace(args, terminal),
      { installation, tenant },
      warner(terminal),
    );
    const { note, keys, witnesses, unreached, ...checkpoint } = shown;
    const out = textOf(args, 'out');
    if (out !== undefined) await writeNew(resolve(cwd, out), note);
    if (args.options['json'] === true) {
      stdout.write(`${JSON.stringify({ note, ...checkpoint, keys, witnesses, unreached })}\n`);
      return EXIT.ok;
    }
    if (out === undefined) stdout.write(note);
    else stdout.write(`wrote ${out}\n`);
    for (const key of keys) stderr.write(`key: ${printable(key)}\n`);
    for (const { name, atMs } of witnesses.cosigned) {
      stderr.write(`cosigned: ${printable(name)}, ${new Date(atMs).toISOString()}\n`);
    }
    for (const name of witnesses.missing) stderr.write(`not cosigned yet: ${printable(name)}\n`);
    for (const problem of unreached) stderr.write(`warning: ${printable(problem)}\n`);
    return EXIT.ok;
  },
};
