import { printable } from '@aegis/core';
import { verifyEvidence } from '../../daemon.ts';
import type { Command } from '../command.ts';
import { CONFIG_OPTION, configureOrBuiltIn } from '../configure.ts';
import { EXIT } from '../exit.ts';
import { placeOf } from '../place.ts';

export const verifyLedger: Command = {
  options: { ...CONFIG_OPTION, json: { type: 'boolean' } },
  positionals: 0,
  async run(args, terminal) {
    const { configuration } = await configureOrBuiltIn(args, terminal);
    const { stdout, stderr } = terminal;
    const report = await verifyEvidence(configuration, (entries) => {
      if (stderr.isTTY) stderr.write(`\r${entries} events checked`);
    });
    if (stderr.isTTY) stderr.write('\r\x1b[K');
    const { entries, sessions, findings, findingCount, seconds, head } = report;
    const intact = findingCount === 0;
    if (args.options['json'] === true) {
      stdout.write(`${JSON.stringify({ intact, ...report })}\n`);
      return intact ? EXIT.ok : EXIT.broken;
    }
    const rate = seconds > 0 ? `, ${Math.round(entries / seconds)} per second` : '';
    stdout.write(`${entries} events in ${sessions} sessions checked${rate}\n`);
    stdout.write(`chain status: ${intact ? 'INTACT' : `BROKEN, ${findingCount} findings`}\n`);
    if (intact) stdout.write(`head: position ${head.position}, ${head.hash}\n`);
    for (const finding of findings) {
      stdout.write(`  ${printable(`${finding.kind}, ${placeOf(finding)}: ${finding.message}`)}\n`);
    }
    if (findings.length < findingCount) stdout.write(`  and ${findingCount - findings.length} more\n`);
    return intact ? EXIT.ok : EXIT.broken;
  },
};
