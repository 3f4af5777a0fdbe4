import type { CommandEntry } from '../../command.ts';

/** Who may use the API. */
export const PEOPLE_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'people add',
    summary: 'let a person use the API, and show the token once',
    help: `usage: aegis people add <name> --role <role>... [--tenant tenant] [--yes] [--config file] [--json]

Makes a token, shows it once, and adds a [[people]] table with its SHA-256 digest to aegis.toml. Shows the
difference and asks; a copy of the file is kept under .aegis/backups.

      --role <role>       admin, operator, approver or auditor; can be given several times
      --tenant <tenant>   the one tenant that the person sees (default: all of them)
  -y, --yes               write without asking
      --json              one JSON object, with the token
  -c, --config <file>     configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./add.ts')).peopleAdd,
  },
  {
    name: 'people list',
    summary: 'list who may use the API',
    help: `usage: aegis people list [--json] [--config file]

Lists the people of the configuration: name, roles, tenant, and where the token is kept. Tokens are never
shown.

      --json              one JSON object a line: {"name", "roles", "tenant", "token"}
  -c, --config <file>     configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./list.ts')).peopleList,
  },
  {
    name: 'people remove',
    summary: 'take a person out of the configuration',
    help: `usage: aegis people remove <name> [--yes] [--config file] [--json]

Takes the [[people]] table of a person out of aegis.toml and changes nothing else in it. Shows the difference
and asks; a copy of the file is kept under .aegis/backups.

  -y, --yes               write without asking
      --json              one JSON object on standard output
  -c, --config <file>     configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./remove.ts')).peopleRemove,
  },
];
