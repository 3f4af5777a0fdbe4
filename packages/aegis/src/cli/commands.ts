import type { CommandEntry } from './command.ts';

/** The one table of commands. A help text is here, so that it can be shown without loading its command. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'write a commented aegis.toml, a policy and manifests into a folder',
    help: `usage: aegis init [folder]

Writes a commented aegis.toml, a policy, a manifest and an agent token into the folder (default: this
one). Nothing that exists is overwritten.
`,
    load: async () => (await import('./commands/init.ts')).init,
  },
  {
    name: 'start',
    summary: 'check everything in seven steps, then serve until stopped',
    help: `usage: aegis start [--config file]

Checks everything in seven steps, then serves MCP over HTTP until it is stopped (Ctrl-C, SIGTERM).

  -c, --config <file>   configuration (default: aegis.toml here or above)
`,
    load: async () => (await import('./commands/start.ts')).start,
  },
  {
    name: 'mcp',
    summary: 'serve one MCP client over standard input and output',
    help: `usage: aegis mcp [--config file]

Serves one MCP client on standard input and output: the command to give to a client in place of its
servers. Ends when the client closes its end. Everything it has to say goes to standard error.

  -c, --config <file>   configuration (default: aegis.toml here or above)
`,
    load: async () => (await import('./commands/mcp.ts')).mcp,
  },
  {
    name: 'policy check',
    summary: 'report every mistake in the configuration, the policies and the manifests',
    help: `usage: aegis policy check [--config file]

Reads the configuration, every policy file and every manifest, and reports every mistake in its place.
Exits with 0 when there is none and with 5 when there is any.

  -c, --config <file>   configuration (default: aegis.toml here or above)
`,
    load: async () => (await import('./commands/policy-check.ts')).policyCheck,
  },
  {
    name: 'policy explain',
    summary: 'decide one call without running it, and say why',
    help: `usage: aegis policy explain <server> <tool> [arguments] [--agent name] [--config file] [--json]

Decides one tool call as the kernel would in a new session, without running or recording it, and says
why: what the call really is, phase by phase, and each rule in order. Arguments are a JSON object.
Exits with 0 when it would be allowed, 3 when denied, 8 when a person would be asked.

  aegis policy explain files read_text_file '{"path": "../secrets"}'

      --agent <name>    who calls (default: the agent of \`aegis mcp\`)
  -c, --config <file>   configuration (default: aegis.toml here or above)
      --json            the explanation as one JSON object
`,
    load: async () => (await import('./commands/policy-explain.ts')).policyExplain,
  },
  {
    name: 'verify-ledger',
    summary: 'recompute the whole ledger from its stored bytes',
    help: `usage: aegis verify-ledger [--config file] [--json]

Recomputes every hash, every chain and every transition of the ledger from the stored bytes, and
says what is broken where. Exits with 0 when all of it holds and with 6 when anything does not.

  -c, --config <file>   configuration (default: aegis.toml here or above)
      --json            one JSON object on standard output
`,
    load: async () => (await import('./commands/verify-ledger.ts')).verifyLedger,
  },
];
