import type { CommandEntry } from '../../command.ts';

/** The daemon without a person before it; `aegisd` is another name of it. */
export const DAEMON_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'daemon',
    summary: 'serve until stopped, with a log in place of steps (the same as `aegisd`)',
    help: `usage: aegisd [--config file] [--addr host:port] [--mcp-addr host:port] [--dsn address]
              [--manifest file] [--trust-mode dev|prod] [--rate-limit calls]
              [--telemetry-path file | --telemetry-disabled] [--json]

Checks what \`aegis start\` checks and serves until it is stopped (SIGINT, SIGTERM); changes of the policy
are taken while it runs, at once on SIGHUP. What it has to say goes to standard error, as \`log\` of the
configuration has it. Flags stand in place of what the configuration says.

      --json                  the log as JSON, whatever the configuration says
  -c, --config <file>         aegis.toml, or a flat aegis.yaml (default: the one here or above, then the
                              user's; without any: everybody on this machine, the ledger in ./.aegis)
      --addr <host:port>      of the HTTP door; \`:8080\` is every interface, which takes TLS
      --mcp-addr <host:port>  a second door on this machine, for MCP alone
      --dsn <address>         the ledger: file:path or postgres://user@host:port/database
      --manifest <file>       of the agent that shows no token, and of \`aegis mcp\`
      --trust-mode <mode>     \`prod\`: manifests have to be signed
      --rate-limit <calls>    how many calls each agent may make in a minute
      --telemetry-path <file> appends a span for each call, one JSON object a line
      --telemetry-disabled    nobody follows the ledger, whatever the configuration says
`,
    load: async () => (await import('./daemon.ts')).daemon,
  },
];
