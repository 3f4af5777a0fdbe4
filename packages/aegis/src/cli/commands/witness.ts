import { resolve } from 'node:path';
import { AegisError, parseVerifierKey, type VerifierKey } from '@aegis/core';
import { openWitness } from '../../daemon/witness.ts';
import { digest, systemClock } from '../../platform.ts';
import { answering, JSON_OPTION } from '../answer.ts';
import type { Arguments, Command } from '../command.ts';
import { EXIT } from '../exit.ts';
import { stopSignal } from '../stop.ts';

export const witness: Command = {
  options: {
    ...JSON_OPTION,
    listen: { type: 'string' },
    log: { type: 'string', multiple: true },
    state: { type: 'string' },
  },
  positionals: 0,
  async run(args, terminal) {
    const { options } = args;
    const { cwd } = terminal;
    const { state } = options;
    if (typeof state !== 'string') throw usage('name its folder: --state');
    const stopped = stopSignal();
    const open = await openWitness({
      ...addressOf(options['listen']),
      logs: logsOf(options['log']),
      folder: resolve(cwd, state),
      clock: systemClock,
    });
    const answer = answering(args, terminal);
    answer.terminal.stdout.write(`key: ${open.key}\nurl: ${open.url}\n`);
    answer.give({ key: open.key, url: open.url });
    await stopped;
    await open.close();
    return EXIT.ok;
  },
};

type Option = Arguments['options'][string];

function addressOf(listen: Option): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:]+)):(\d{1,5})$/i.exec(typeof listen === 'string' ? listen : '');
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) throw usage('say where to listen: --listen 127.0.0.1:8090');
  return { host, port };
}

function logsOf(given: Option): readonly VerifierKey[] {
  const lines = Array.isArray(given) ? (given as readonly string[]) : [];
  if (lines.length === 0) throw usage('name the key of a log: --log');
  return lines.map((line) => {
    const key = parseVerifierKey(line, digest);
    if (typeof key === 'string') throw usage(`\`${line}\` is no key: ${key}`);
    if (key.algorithm === 'ed25519') return key;
    throw usage(`\`${key.name}\` is the key of a witness, not of a log`);
  });
}

function usage(message: string): AegisError {
  return new AegisError('USAGE', message, { help: 'aegis witness --help' });
}
