import type { CommandEntry } from '../../command.ts';

const COMMON = `      --tenant <name>         of this tenant
      --json                  JSON
  -c, --config <file>         configuration (default: aegis.toml here or above, then ~/.config/aegis)
`;

/** The sessions of the ledger, for reading. */
export const SESSION_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'sessions list',
    summary: 'list the newest sessions',
    help: `usage: aegis sessions list [--last n] [--tenant name] [--json] [--config file]

Lists the sessions that began last, the newest first.

      --last <n>              how many; default 20
${COMMON}`,
    load: async () => (await import('./list.ts')).sessionsList,
  },
  {
    name: 'sessions show',
    summary: 'show what a session did, and whether its chain is intact',
    help: `usage: aegis sessions show <session> [--tenant name] [--json] [--config file]

Shows the state of a session, folded from its events, and the events themselves; its chain is recomputed.
Exits with 6 when that is broken.

${COMMON}`,
    load: async () => (await import('./show.ts')).sessionsShow,
  },
];
