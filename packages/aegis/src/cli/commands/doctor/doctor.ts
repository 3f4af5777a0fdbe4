import { printable } from '@aegis/core';
import { examineInstallation } from '../../../daemon/doctor.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configure } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { ungovernedClients } from '../../wrap/ungoverned.ts';

export const doctor: Command = {
  options: { ...CONFIG_OPTION, json: { type: 'boolean' } },
  positionals: 0,
  async run(args, terminal) {
    let broken = 0;
    const examined = {
      load: () => configure(args, terminal),
      environment: terminal.environment,
      ungoverned: () => ungovernedClients(terminal),
    };
    for await (const { name, finding } of examineInstallation(examined)) {
      if (finding.kind === 'problem') broken += 1;
      const help = finding.kind === 'ok' ? {} : { help: finding.help };
      terminal.stdout.write(
        args.options['json'] === true
          ? `${JSON.stringify({ check: name, status: finding.kind, detail: finding.detail, ...help })}\n`
          : text(name, finding),
      );
    }
    if (args.options['json'] !== true)
      terminal.stdout.write(broken === 0 ? '\nnothing is broken\n' : `\n${broken} broken\n`);
    return broken === 0 ? EXIT.ok : EXIT.failure;
  },
};

const MARKS = { ok: 'ok     ', warning: 'warning', problem: 'broken ' } as const;

function text(name: string, finding: Parameters<typeof lines>[0]): string {
  return `${MARKS[finding.kind]}  ${name.padEnd(13)}  ${lines(finding).join(`\n${' '.repeat(24)}`)}\n`;
}

function lines(finding: {
  readonly kind: keyof typeof MARKS;
  readonly detail: string;
  readonly help?: string;
}): string[] {
  const detail = finding.detail.split('\n').map((line) => printable(line.trim()));
  return finding.help === undefined ? detail : [...detail, `-> ${printable(finding.help)}`];
}
