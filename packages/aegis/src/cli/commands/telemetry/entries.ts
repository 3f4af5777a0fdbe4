import type { CommandEntry } from '../../command.ts';

/** What the ledger says, for other programs and for people. */
export const TELEMETRY_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'export',
    summary: 'write events in a format of other programs, from where the last export stopped',
    help: `usage: aegis export --format <format> [--out file] [--follow] [--from time] [--to time]
                    [--tenant name] [--with-payloads] [--config file]

Writes the events of the ledger, in the order in which they were committed, each once. With --out it
remembers in <file>.place how far it came, and the same command goes on from there, however the last one
ended. The ledger is only read, and nobody waits for it.

  formats: ndjson (the events as they are, with their hashes), jsonl (an audit log), cef, ocsf,
           syslog (RFC 5424), spans and otlp (calls as spans, for OpenTelemetry)

      --format <format>     what an event looks like
  -o, --out <file>          append to this file (default: standard output, from the beginning)
  -f, --follow              go on with what comes, until Ctrl-C
      --from <time>         leave out events before, like \`2026-06-30\`, \`2026-06-30T12:00Z\` or \`7d\`
      --to <time>           stop before the first event that is not earlier
      --tenant <name>       only events of this tenant
      --with-payloads       arguments, results and other sealed values, too (ndjson, jsonl)
  -c, --config <file>       configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./export.ts')).exportCommand,
  },
  {
    name: 'summary',
    summary: 'what happened on a day, as a page or as JSON',
    help: `usage: aegis summary [--day day] [--format md|html|json] [--tenant name] [--config file] [--json]

Sums up the events of a day (UTC): calls, denials and their reasons, approvals, agents, tools, and what
was changed in policies, pins, grants and keys. The ledger is only read.

      --day <day>           like \`2026-06-30\` (default: today)
      --format <format>     md (default), html or json
      --tenant <name>       only events of this tenant
      --json                the same as --format json
  -c, --config <file>       configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./summary.ts')).summary,
  },
];
