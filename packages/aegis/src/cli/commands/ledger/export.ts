import { resolve } from 'node:path';
import { AegisError, printable } from '@aegis/core';
import { exportLedger, type WantedScope } from '../../../keeper/export.ts';
import { systemClock } from '../../../platform.ts';
import type { Arguments, Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { bundleJson } from '../../ledger/bundle-json.ts';
import { bundleText } from '../../ledger/bundle-text.ts';
import { fileOf, textOf } from '../../ledger/given.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';
import { Progress } from '../../ledger/progress.ts';
import { parseMoment } from '../../ledger/time.ts';
import { warner } from '../../warner.ts';

export const ledgerExport: Command = {
  options: {
    ...CONFIG_OPTION,
    session: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    tenant: { type: 'string' },
    since: { type: 'string' },
    'with-values': { type: 'boolean' },
    json: { type: 'boolean' },
  },
  positionals: 1,
  async run(args, terminal) {
    const [name] = args.positionals;
    if (name === undefined) throw usage('name the folder to write');
    const folder = resolve(terminal.cwd, name);
    const request = {
      folder,
      scope: scopeOf(args),
      tenant: textOf(args, 'tenant'),
      values: args.options['with-values'] === true,
      older: await fileOf(args, 'since', terminal),
    };
    const place = await ledgerPlace(args, terminal);
    const progress = new Progress(terminal, 'events written');
    const onProgress = (events: number): void => progress.at(events);
    const report = await exportLedger(place, request, { warn: warner(terminal), onProgress }).finally(() =>
      progress.end(),
    );
    const { stdout } = terminal;
    if (args.options['json'] === true) {
      stdout.write(`${JSON.stringify(bundleJson(folder, report))}\n`);
    } else {
      stdout.write(`wrote ${printable(name)}, bundle.json ${report.sha256}\n${bundleText(report)}`);
    }
    return report.findingCount === 0 ? EXIT.ok : EXIT.broken;
  },
};

function scopeOf(args: Arguments): WantedScope {
  const session = textOf(args, 'session');
  const [from, to] = [textOf(args, 'from'), textOf(args, 'to')];
  const isRange = from !== undefined || to !== undefined;
  if (session !== undefined && isRange) throw usage('give a session or a time, not both');
  if (session !== undefined) return { kind: 'session', session };
  if (!isRange) return { kind: 'all' };
  const now = systemClock.now();
  const fromMs = from === undefined ? 0 : parseMoment(from, 'from', now);
  const toMs = to === undefined ? now : parseMoment(to, 'to', now);
  if (fromMs >= toMs) throw usage('--from must be before --to');
  return { kind: 'range', fromMs, toMs };
}

function usage(message: string): AegisError {
  return new AegisError('USAGE', message, { help: 'aegis ledger export --help' });
}
