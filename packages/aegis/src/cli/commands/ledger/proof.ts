import { resolve } from 'node:path';
import { AegisError, printable } from '@aegis/core';
import { parseEventName } from '../../../keeper/event-place.ts';
import { proveEvent } from '../../../keeper/proof.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { textOf } from '../../ledger/given.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';
import { writeNew } from '../../ledger/write-new.ts';
import { warner } from '../../warner.ts';

export const ledgerProof: Command = {
  options: {
    ...CONFIG_OPTION,
    tenant: { type: 'string' },
    out: { type: 'string' },
    event: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: 1,
  async run(args, terminal) {
    const [text] = args.positionals;
    if (text === undefined) {
      throw new AegisError('USAGE', 'name the event', { help: 'aegis ledger proof --help' });
    }
    const name = parseEventName(text, textOf(args, 'tenant'));
    const proof = await proveEvent(await ledgerPlace(args, terminal), name, warner(terminal));
    const { stdout, stderr, cwd } = terminal;
    const files = [
      ['out', proof.proof],
      ['event', proof.body],
    ] as const;
    for (const [option, content] of files) {
      const path = textOf(args, option);
      if (path !== undefined) await writeNew(resolve(cwd, path), content);
    }
    if (args.options['json'] === true) {
      stdout.write(`${JSON.stringify(proof)}\n`);
      return EXIT.ok;
    }
    const { leaf, origin, size, key, session, seq } = proof;
    if (textOf(args, 'out') === undefined) stdout.write(proof.proof);
    stderr.write(
      printable(`session ${session} seq ${seq} is leaf ${leaf} of ${origin}, which has ${size} leaves`),
    );
    stderr.write(`\nkey: ${printable(key)}\n`);
    return EXIT.ok;
  },
};
