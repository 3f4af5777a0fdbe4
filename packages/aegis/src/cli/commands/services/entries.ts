import type { CommandEntry } from '../../command.ts';

/** Short ways to the vault, and to what stands behind Aegis. */
export const SERVICE_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'add-secret',
    summary: 'put a credential into the vault, in place of the one that is there',
    help: `usage: aegis add-secret --key <name> [--service name] [--from-file file] [--json] [--config file]

Encrypts a credential into the vault, as \`aegis secret add\` and \`aegis secret rotate\` do. The value is typed
and not shown, or is what stands on standard input or in a file.

      --key <name>         how it is called
      --service <name>     what it is for
      --from-file <file>   the file whose text is the value
      --json               one JSON object: {"change", "secret", "version"}
  -c, --config <file>      configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./add-secret.ts')).addSecret,
  },
  {
    name: 'list-services',
    summary: 'list the servers and domains that agents may reach, and how many credentials each has',
    help: `usage: aegis list-services [--json] [--config file]

Lists the servers of the configuration and the domains that a policy with \`allowedDomains\` allows, where they
are, and how many credentials belong to each: those that it is given, and the secrets of the vault whose
service it is. \`openai\` is the service of \`api.openai.com\`.

      --json              one JSON object a line: {"name", "kind", "endpoint", "credentials"}
  -c, --config <file>     configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./list-services.ts')).listServicesCommand,
  },
];
