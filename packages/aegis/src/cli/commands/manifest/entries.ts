import type { CommandEntry } from '../../command.ts';

const CONFIG =
  '  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)';

/** The lines of the command table that are about manifests. */
export const MANIFEST_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'manifest validate',
    summary: 'report every mistake in a manifest of a server or an agent',
    help: `usage: aegis manifest validate <file...> [--config file] [--json]

Reads manifests by themselves and reports every mistake in its place; what a manifest states about files
beside it and about its signature is checked. Exits with 0 when there is no mistake and with 5 when there
is any.

  -c, --config <file>   whose [trust] the signatures are held against (default: none; a Sigstore
                        bundle needs one)
      --json            one JSON object on standard output
`,
    load: async () => (await import('./validate.ts')).manifestValidate,
  },
  {
    name: 'manifest show',
    summary: 'say what a manifest grants, or who has which manifest',
    help: `usage: aegis manifest show [file|server|agent] [--config file] [--json]

Says in words what a manifest grants: that of a file, of a server, or of an agent. Without a name it lists
the servers and agents of the configuration, each with its manifest.

      --json            JSON: what it grants, or a line for each
${CONFIG}
`,
    load: async () => (await import('./show.ts')).manifestShow,
  },
  {
    name: 'manifest generate',
    summary: 'draft a manifest from sources, from a server, or from what an agent did',
    help: `usage: aegis manifest generate <path|server> [--server] [--out file] [--config file]
       aegis manifest generate --agent <name> [--out file] [--config file]

Drafts a manifest that loads, with a comment on every line that is a guess: for a skill from its sources,
for a server from the tools that it lists, for an agent from the ledger, as the least that would have
granted every call of it that ran. Nothing is in force before somebody installs it.

      --agent <name>    the agent whose calls are looked at
      --server          the name is one of a server, whatever lies there
  -o, --out <file>      write it there, where no file is yet (default: standard output)
${CONFIG}
`,
    load: async () => (await import('./generate.ts')).manifestGenerate,
  },
  {
    name: 'manifest install',
    summary: 'name a manifest in the configuration',
    help: `usage: aegis manifest install <file> [--agent name] [--yes] [--config file] [--json]

Says what a manifest grants, names it in aegis.toml for the server that it is about, or for an agent, and
changes nothing else. Shows the difference and asks; a copy of the file is kept under .aegis/backups. With
\`trust_mode = "prod"\` a manifest of an agent must be signed by a key of [trust].

      --agent <name>    whose it is (default: the agent of its name)
  -y, --yes             write without asking
      --json            one JSON object on standard output
${CONFIG}
`,
    load: async () => (await import('./install.ts')).manifestInstall,
  },
];
