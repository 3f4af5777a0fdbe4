import { counted, printable } from '@aegis/core';
import { type LedgerReport, type LedgerVerification, verifyWholeLedger } from '../../keeper/verify.ts';
import type { Arguments, Terminal } from '../command.ts';
import { configureOrBuiltIn } from '../configure.ts';
import { EXIT } from '../exit.ts';
import { placeOf } from '../place.ts';
import { levelTable } from './level-table.ts';
import { Progress } from './progress.ts';

/** Verifies the ledger of the configuration, and says what was found. Gives the exit code. */
export async function reportLedger(
  args: Arguments,
  terminal: Terminal,
  wanted: LedgerVerification,
): Promise<number> {
  const { configuration } = await configureOrBuiltIn(args, terminal);
  const progress = new Progress(terminal, 'events checked');
  const place = { configuration, environment: terminal.environment };
  const report = await verifyWholeLedger(place, wanted, (events, of) => progress.at(events, of)).finally(() =>
    progress.end(),
  );
  const intact = report.findingCount === 0;
  const json = args.options['json'] === true;
  terminal.stdout.write(json ? `${JSON.stringify({ intact, ...report })}\n` : ledgerText(report));
  return intact ? EXIT.ok : EXIT.broken;
}

/** The same for a person. */
export function ledgerText(report: LedgerReport): string {
  const { entries, sessions, findings, findingCount, seconds, head, levels, imported } = report;
  const rate = seconds > 0 ? `, ${Math.round(entries / seconds)} per second` : '';
  const lines = [
    `${counted(entries, 'event')} in ${counted(sessions, 'session')} checked${rate}`,
    ...(imported > 0 ? [`${counted(imported, 'imported bundle')} checked`] : []),
    levelTable(levels),
    `chain status: ${findingCount === 0 ? 'INTACT' : `BROKEN, ${counted(findingCount, 'finding')}`}`,
    ...(findingCount === 0 ? [`head: position ${head.position}`] : []),
    ...findings.map((finding) => printable(`  ${finding.kind}, ${placeOf(finding)}: ${finding.message}`)),
    ...(findings.length < findingCount ? [`  and ${findingCount - findings.length} more`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
