import type { CommandEntry } from '../../command.ts';

/** What people say of the data that a session has read. */
export const TAINT_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'taint clear',
    summary: 'vouch for what a session has read',
    help: `usage: aegis taint clear <session> --label <label>... --why <text> [--tenant name] [--json] [--config file]
       aegis taint clear <session> --value <text> --why <text>

Vouches for data of a session, as one of the approvers: for everything that was read in it under a label
until now, or for one text wherever it was read. It counts from the session's next call on and is recorded
as DATA_DECLASSIFIED. What is read later has its labels again. Neither the agent nor the person on whose
behalf it acts can do it. Exits with 3 when it is not taken.

      --label <label>   external, memory, document, tool, or a word of a manifest or a rule; several times
      --value <text>    a text, as if the user had said it
      --why <text>      the reason, for the record
      --tenant <name>   of the session, where several tenants have one of this id
      --json            one JSON object
  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./clear.ts')).taintClear,
  },
];
