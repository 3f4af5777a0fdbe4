import type { CommandEntry } from '../command.ts';

/** Servers, and the clients that reach them. */
export const MCP_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'mcp',
    summary: 'serve one MCP client over standard input and output',
    help: `usage: aegis mcp [--config file]
       aegis mcp [--config file] [--name name] -- <command> [args...]

Serves one MCP client on standard input and output: the command to give to a client in place of its
servers. Ends when the client closes its end. Everything it has to say goes to standard error.

With a command behind \`--\` it stands before exactly that server, in this folder and with this
environment, and needs no configuration:

  aegis mcp -- npx -y @modelcontextprotocol/server-filesystem .

Where an aegis.toml is found its policy, limits and ledger hold, and the manifest of a server of that
name. Without one every call is allowed and recorded, but for what the guards of the kernel refuse and
for paths that hold credentials; the ledger is ~/.config/aegis/.aegis/aegis.db, which
\`aegis verify-ledger\` checks.

  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
      --name <name>     how policies and the ledger call a wrapped server (default: from its command)
`,
    load: async () => (await import('./mcp.ts')).mcp,
  },
  {
    name: 'mcp add',
    summary: 'add a server to the configuration',
    help: `usage: aegis mcp add <name> [options] -- <command> [args...]
       aegis mcp add <name> [options] --url <url>

Adds a [[servers]] table to aegis.toml and changes nothing else in it. Shows the difference and asks; a
copy of the file is kept under .aegis/backups. A server that is started runs in this folder.

      --env <NAME=VALUE>      a variable of its environment; it gets PATH and these, nothing else
      --header <NAME=VALUE>   a header sent to a server with a URL
      --manifest <file>       what its tools can do
      --url <url>             endpoint of a Streamable HTTP server
  -y, --yes                   write without asking
      --json                  one JSON object on standard output
  -c, --config <file>         configuration (default: aegis.toml here or above, then ~/.config/aegis)

A VALUE of \`env:OTHER\` is read from a variable of Aegis when the server starts, \`file:PATH\` from a file
that only you can read (mode 600). Anything else is written as it stands, unless it seems to be a
credential: its name says so (TOKEN, KEY, PASSWORD, Authorization), or it is not made of words, small
numbers and paths. Then nothing is written.

  aegis mcp add github --env GITHUB_TOKEN=env:GITHUB_TOKEN -- npx -y @modelcontextprotocol/server-github
  aegis mcp add docs --url https://mcp.example.org/mcp --header Authorization=file:.aegis/docs-header
`,
    load: async () => (await import('./mcp-add.ts')).mcpAdd,
  },
  {
    name: 'mcp list',
    summary: 'list the servers of the configuration',
    help: `usage: aegis mcp list [--check] [--config file] [--json]

Lists the servers of the configuration: name, kind, manifest, command or URL, and where their
credentials are kept. Credentials are never shown. Nothing is started without --check.

      --check           start every server and end it; exits with 1 when one does not come up
      --json            one JSON object on standard output
  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./mcp-list.ts')).mcpList,
  },
  {
    name: 'mcp remove',
    summary: 'remove a server from the configuration',
    help: `usage: aegis mcp remove <name> [--yes] [--config file] [--json]

Takes the [[servers]] table of a server out of aegis.toml and changes nothing else in it. Shows the
difference and asks; a copy of the file is kept under .aegis/backups.

  -y, --yes             write without asking
      --json            one JSON object on standard output
  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./mcp-remove.ts')).mcpRemove,
  },
  {
    name: 'mcp wrap',
    summary: 'move the servers of an MCP client behind Aegis, or back',
    help: `usage: aegis mcp wrap <client> [server...] [--file file] [--config file] [--yes] [--json]
       aegis mcp wrap <client> --undo [--file file] [--config file] [--yes] [--json]

Moves the servers of a client's own file into aegis.toml, and leaves Aegis there in their place. Shows
what changes in both files and asks. What may be a credential goes into private files (mode 600) under
.aegis/secrets. Comments stay. What Aegis cannot carry stays where it is, and is named.

  clients: claude-desktop, claude-code, cursor, vscode, codex

The servers of a project go into its aegis.toml, those of the user into ~/.config/aegis/aegis.toml; where
there is none, one is written that allows and records. With server names only those are moved.

      --undo            put the servers back, and take them out of aegis.toml
      --file <file>     the client's file (default: the project's, then the user's)
  -y, --yes             write without asking
      --json            one JSON object on standard output
  -c, --config <file>   the configuration that the servers go into
`,
    load: async () => (await import('./mcp-wrap.ts')).mcpWrap,
  },
];
