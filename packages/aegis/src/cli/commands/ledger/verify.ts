import { resolve } from 'node:path';
import { AegisError, printable } from '@aegis/core';
import type { Arguments, Command, Terminal } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { bundleJson } from '../../ledger/bundle-json.ts';
import { bundleText } from '../../ledger/bundle-text.ts';
import { fileOf, logKeys, textOf, witnessKeys } from '../../ledger/given.ts';
import { Progress } from '../../ledger/progress.ts';

export const ledgerVerify: Command = {
  options: {
    ...CONFIG_OPTION,
    bundle: { type: 'string' },
    segment: { type: 'string', multiple: true },
    bytes: { type: 'boolean' },
    proof: { type: 'string' },
    event: { type: 'string' },
    key: { type: 'string', multiple: true },
    since: { type: 'string' },
    witness: { type: 'string', multiple: true },
    json: { type: 'boolean' },
  },
  positionals: 0,
  run(args, terminal) {
    const given = (name: string): boolean => args.options[name] !== undefined;
    if (given('bundle') && given('proof')) throw usage('a bundle and a proof are verified one at a time');
    if (given('segment') && !given('bundle')) throw usage('--segment belongs to --bundle');
    if (given('bytes') && (given('bundle') || given('proof'))) {
      throw usage('--bytes means nothing here: a bundle and a proof are verified as a whole');
    }
    if (given('event') && !given('proof')) throw usage('--event belongs to --proof');
    if (given('proof') && given('since')) throw usage('--since means nothing for a proof');
    if (given('config') && (given('bundle') || given('proof'))) {
      throw usage('--config means nothing here: a bundle and a proof stand for themselves');
    }
    if (given('bundle')) return verifyGivenBundle(args, terminal);
    if (given('proof')) return verifyGivenProof(args, terminal);
    return verifyStore(args, terminal);
  },
};

async function verifyGivenBundle(args: Arguments, terminal: Terminal): Promise<number> {
  const { verifyBundle, verifyJoined } = await import('../../../keeper/verify-bundle.ts');
  const folder = resolve(terminal.cwd, textOf(args, 'bundle') ?? '');
  const older = await fileOf(args, 'since', terminal);
  const anchors = {
    keys: logKeys(args),
    witnesses: witnessKeys(args),
    ...(older === undefined ? {} : { older }),
  };
  const progress = new Progress(terminal, 'events checked');
  const segments = ((args.options['segment'] as readonly string[] | undefined) ?? []).map((segment) =>
    resolve(terminal.cwd, segment),
  );
  const onProgress = (events: number, of: number): void => progress.at(events, of);
  const verifying =
    segments.length > 0
      ? verifyJoined(folder, segments, anchors, onProgress)
      : verifyBundle(folder, anchors, onProgress);
  const report = await verifying.finally(() => progress.end());
  const json = args.options['json'] === true;
  terminal.stdout.write(json ? `${JSON.stringify(bundleJson(folder, report))}\n` : bundleText(report));
  return report.findingCount === 0 ? EXIT.ok : EXIT.broken;
}

async function verifyGivenProof(args: Arguments, terminal: Terminal): Promise<number> {
  const { checkProof } = await import('../../../keeper/check-proof.ts');
  const keys = logKeys(args);
  if (keys.length === 0) throw usage('a proof is verified with the key of its log: --key');
  const text = (await fileOf(args, 'proof', terminal)) ?? '';
  const body = (await fileOf(args, 'event', terminal))?.replace(/\n$/, '');
  const checked = checkProof(text, { keys, witnesses: witnessKeys(args), body });
  const { stdout } = terminal;
  if (args.options['json'] === true) {
    const result =
      typeof checked === 'string' ? { intact: false, message: checked } : { intact: true, ...checked };
    stdout.write(`${JSON.stringify(result)}\n`);
  } else if (typeof checked === 'string') {
    stdout.write(`proof: BROKEN: ${printable(checked)}\n`);
  } else {
    const { hash, leaf, origin, size } = checked;
    const which = body === undefined ? `the event with the hash ${hash}` : 'the event';
    stdout.write(
      `proof: HOLDS: ${printable(`${which} is leaf ${leaf} of ${origin}, which has ${size} leaves`)}\n`,
    );
  }
  return typeof checked === 'string' ? EXIT.broken : EXIT.ok;
}

async function verifyStore(args: Arguments, terminal: Terminal): Promise<number> {
  const { reportLedger } = await import('../../ledger/report-ledger.ts');
  const older = await fileOf(args, 'since', terminal);
  const anchors = {
    keys: logKeys(args),
    witnesses: witnessKeys(args),
    ...(older === undefined ? {} : { older }),
  };
  const depth = args.options['bytes'] === true ? 'bytes' : 'events';
  return reportLedger(args, terminal, { ...anchors, depth });
}

function usage(message: string): AegisError {
  return new AegisError('USAGE', message, { help: 'aegis ledger verify --help' });
}
