import type { CommandEntry } from '../../command.ts';

/** What a person can ask of the configuration. */
export const CONFIG_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'config show',
    summary: 'show every setting in force, and where it comes from',
    help: `usage: aegis config show [--origin] [--json] [--config file]

Shows every setting in force: those of the file, then the defaults of what it leaves open. Credentials are
named, never read.

      --origin            with file and line, or \`default\`
      --json              one JSON object a line: {"key", "value", "origin"}
  -c, --config <file>     configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./show.ts')).configShow,
  },
];
