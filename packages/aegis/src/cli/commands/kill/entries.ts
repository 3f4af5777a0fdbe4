import type { CommandEntry } from '../../command.ts';

const CONFIG = `  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
`;

/** Stopping agents, and letting them go on. */
export const KILL_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'kill',
    summary: 'stop an agent, a tenant or everything, within a second',
    help: `usage: aegis kill agent <name> [--why text] [--json] [--config file]
       aegis kill tenant <name> [--why text]
       aegis kill all [--why text]

Stops every call of an agent, of a tenant or of everybody: what is under way is cancelled, sessions are
ended, and new calls are denied with KILLED, in every process on the ledger. It works whatever is wrong
with the configuration, the policy or the ledger: what cannot be recorded stands in .aegis/killed and holds
for the processes of this configuration. Exits with 1 when it could not be recorded.

      --why <text>      the reason, for the record
      --json            one JSON object
${CONFIG}`,
    load: async () => (await import('./kill.ts')).kill,
  },
  {
    name: 'kill list',
    summary: 'list what is stopped',
    help: `usage: aegis kill list [--json] [--config file]

Lists what is stopped, since when, by whom and why. Exits with 0 when nothing is and with 8 when something is.

      --json            one JSON object a line
${CONFIG}`,
    load: async () => (await import('./list.ts')).killList,
  },
  {
    name: 'revive',
    summary: 'let an agent, a tenant or everything go on',
    help: `usage: aegis revive agent <name> [--why text] [--json] [--config file]
       aegis revive tenant <name> [--why text]
       aegis revive all [--why text]

Takes a stop back, exactly as it was made: \`revive all\` ends what \`kill all\` began, and nothing else.
Sessions that were ended stay ended.

      --why <text>      the reason, for the record
      --json            one JSON object
${CONFIG}`,
    load: async () => (await import('./kill.ts')).revive,
  },
];
