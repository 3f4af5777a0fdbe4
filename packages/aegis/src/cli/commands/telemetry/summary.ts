import { AegisError, printable, summaryHtml, summaryJson, summaryMarkdown, type Summary } from '@aegis/core';
import { summarise } from '../../../keeper/summary.ts';
import { systemClock } from '../../../platform.ts';
import { JSON_OPTION } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { textOf } from '../../ledger/given.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';

const DAY_MS = 86_400_000;

const FORMATS: Readonly<Record<string, (summary: Summary) => string>> = {
  md: summaryMarkdown,
  html: summaryHtml,
  json: (summary) => `${JSON.stringify(summaryJson(summary))}\n`,
};

export const summary: Command = {
  options: {
    ...CONFIG_OPTION,
    ...JSON_OPTION,
    day: { type: 'string' },
    format: { type: 'string' },
    tenant: { type: 'string' },
  },
  positionals: 0,
  async run(args, terminal) {
    const json = args.options['json'] === true;
    const format = textOf(args, 'format') ?? (json ? 'json' : 'md');
    if (json && format !== 'json') throw usage('give either `--json` or `--format`');
    const page = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
    if (page === undefined) throw usage(`there is no format \`${printable(format)}\`: md, html, json`);
    const fromMs = beginningOf(textOf(args, 'day'));
    const place = await ledgerPlace(args, terminal);
    const found = await summarise(place, { fromMs, toMs: fromMs + DAY_MS, tenant: textOf(args, 'tenant') });
    terminal.stdout.write(page(found));
    return EXIT.ok;
  },
};

/** When a day begins, in UTC. */
function beginningOf(day: string | undefined): number {
  if (day === undefined) return Math.floor(systemClock.now() / DAY_MS) * DAY_MS;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(day) : Number.NaN;
  if (at >= 0) return at;
  throw usage(`--day: \`${printable(day)}\` is no day, like 2026-06-30`);
}

function usage(message: string): AegisError {
  return new AegisError('USAGE', message, { help: 'aegis summary --help' });
}
