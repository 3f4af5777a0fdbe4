import type { CommandEntry } from '../../command.ts';

/** Whether everything is as it must be. */
export const DOCTOR_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'doctor',
    summary: 'look whether everything is as it must be, and say what to do where it is not',
    help: `usage: aegis doctor [--json] [--config file]

Looks at Node.js, the configuration, the policy, who can read credentials and keys, the ledger, the disk,
the clock, the programs of the servers, the address of the daemon, and whether clients on this machine reach
servers that Aegis does not govern. Changes nothing. Exits with 1 when something is broken.

      --json              one JSON object a line: {"check", "status", "detail", "help"}
  -c, --config <file>     configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./doctor.ts')).doctor,
  },
];
