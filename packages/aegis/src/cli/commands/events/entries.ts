import type { CommandEntry } from '../../command.ts';

/** The events of the ledger, for reading. */
export const EVENT_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'events',
    summary: 'show what was recorded, and follow what comes',
    help: `usage: aegis events [--follow] [--last n | --after position] [--type type] [--session id] [--tenant name]
                    [--json] [--config file]

Shows the events of the ledger in the order in which they were committed. Reading changes nothing and
nobody waits for it. An event that is not as it was sealed is told as that, whatever is asked for (with --json
\`problem\` in the place of \`envelope\`), and the exit code is 6.

  -f, --follow              go on with what comes, until Ctrl-C
      --last <n>            begin n events before the end; default 20
      --after <position>    begin behind a position
      --type <type>         only these, like \`TOOL_CALL_DENIED\`
      --session <id>        only of this session
      --tenant <name>       only of this tenant
      --json                one JSON object a line: {"position", "hash", "envelope"}
  -c, --config <file>       configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./events.ts')).events,
  },
];
