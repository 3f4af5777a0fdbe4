import { resolve } from 'node:path';
import { AegisError, EXPORT_FORMATS, type ExportFormat, printable } from '@aegis/core';
import { exportEvents } from '../../../keeper/export-events.ts';
import { systemClock } from '../../../platform.ts';
import type { Arguments, Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { textOf } from '../../ledger/given.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';
import { Progress } from '../../ledger/progress.ts';
import { parseMoment } from '../../ledger/time.ts';
import { stopSignal } from '../../stop.ts';

export const exportCommand: Command = {
  options: {
    ...CONFIG_OPTION,
    format: { type: 'string' },
    out: { type: 'string', short: 'o' },
    follow: { type: 'boolean', short: 'f' },
    from: { type: 'string' },
    to: { type: 'string' },
    tenant: { type: 'string' },
    'with-payloads': { type: 'boolean' },
  },
  positionals: 0,
  async run(args, terminal) {
    const format = formatOf(args);
    const out = textOf(args, 'out');
    const follow = args.options['follow'] === true;
    const payloads = args.options['with-payloads'] === true;
    if (payloads && format !== 'ndjson' && format !== 'jsonl') {
      throw usage(`\`${format}\` has no place for sealed values`);
    }
    const stop = new AbortController();
    void stopSignal().then(() => stop.abort());
    const place = await ledgerPlace(args, terminal);
    const progress = new Progress(terminal, 'events exported');
    const wanted = {
      format,
      to: out === undefined ? terminal.stdout : resolve(terminal.cwd, out),
      tenant: textOf(args, 'tenant'),
      payloads,
      fromMs: momentOf(args, 'from'),
      toMs: momentOf(args, 'to'),
      follow,
    };
    const { events, position } = await exportEvents(place, wanted, stop.signal, (count) =>
      progress.at(count),
    ).finally(() => progress.end());
    if (out !== undefined) {
      const noun = events === 1 ? 'event' : 'events';
      terminal.stderr.write(`exported ${events} ${noun} to ${printable(out)}, up to position ${position}\n`);
    }
    return stop.signal.aborted ? EXIT.interrupted : EXIT.ok;
  },
};

function formatOf(args: Arguments): ExportFormat {
  const given = textOf(args, 'format');
  const format = EXPORT_FORMATS.find((known) => known === given);
  if (format !== undefined) return format;
  throw usage(
    given === undefined
      ? `say in which format: ${EXPORT_FORMATS.join(', ')}`
      : `there is no format \`${printable(given)}\`: ${EXPORT_FORMATS.join(', ')}`,
  );
}

function momentOf(args: Arguments, name: string): number | undefined {
  const text = textOf(args, name);
  return text === undefined ? undefined : parseMoment(text, name, systemClock.now());
}

function usage(message: string): AegisError {
  return new AegisError('USAGE', message, { help: 'aegis export --help' });
}
