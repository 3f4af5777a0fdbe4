import type { CommandEntry } from './command.ts';
import { APPROVAL_COMMANDS } from './commands/approvals/entries.ts';
import { CONFIG_COMMANDS } from './commands/config/entries.ts';
import { DAEMON_COMMANDS } from './commands/daemon/entries.ts';
import { DOCTOR_COMMANDS } from './commands/doctor/entries.ts';
import { EVENT_COMMANDS } from './commands/events/entries.ts';
import { KILL_COMMANDS } from './commands/kill/entries.ts';
import { LEDGER_COMMANDS } from './commands/ledger/entries.ts';
import { THREATS_COMMANDS } from './commands/threats/entries.ts';
import { MANIFEST_COMMANDS } from './commands/manifest/entries.ts';
import { PEOPLE_COMMANDS } from './commands/people/entries.ts';
import { POLICY_COMMANDS } from './commands/policy/entries.ts';
import { SESSION_COMMANDS } from './commands/sessions/entries.ts';
import { SHELL_COMMANDS } from './commands/shell/entries.ts';
import { TELEMETRY_COMMANDS } from './commands/telemetry/entries.ts';

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
Changes of the policy are taken while it runs, at once on SIGHUP; one with a mistake changes nothing.

  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./commands/start.ts')).start,
  },
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
    load: async () => (await import('./commands/mcp.ts')).mcp,
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
  -c, --config <file>         configuration (default: aegis.toml here or above, then ~/.config/aegis)

A VALUE of \`env:OTHER\` is read from a variable of Aegis when the server starts, \`file:PATH\` from a file
that only you can read (mode 600). Anything else is written as it stands, unless it seems to be a
credential: its name says so (TOKEN, KEY, PASSWORD, Authorization), or it is not made of words, small
numbers and paths. Then nothing is written.

  aegis mcp add github --env GITHUB_TOKEN=env:GITHUB_TOKEN -- npx -y @modelcontextprotocol/server-github
  aegis mcp add docs --url https://mcp.example.org/mcp --header Authorization=file:.aegis/docs-header
`,
    load: async () => (await import('./commands/mcp-add.ts')).mcpAdd,
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
    load: async () => (await import('./commands/mcp-list.ts')).mcpList,
  },
  {
    name: 'mcp remove',
    summary: 'remove a server from the configuration',
    help: `usage: aegis mcp remove <name> [--yes] [--config file]

Takes the [[servers]] table of a server out of aegis.toml and changes nothing else in it. Shows the
difference and asks; a copy of the file is kept under .aegis/backups.

  -y, --yes             write without asking
  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./commands/mcp-remove.ts')).mcpRemove,
  },
  {
    name: 'mcp wrap',
    summary: 'move the servers of an MCP client behind Aegis, or back',
    help: `usage: aegis mcp wrap <client> [server...] [--file file] [--config file] [--yes]
       aegis mcp wrap <client> --undo [--file file] [--config file] [--yes]

Moves the servers of a client's own file into aegis.toml, and leaves Aegis there in their place. Shows
what changes in both files and asks. What may be a credential goes into private files (mode 600) under
.aegis/secrets. Comments stay. What Aegis cannot carry stays where it is, and is named.

  clients: claude-desktop, claude-code, cursor, vscode, codex

The servers of a project go into its aegis.toml, those of the user into ~/.config/aegis/aegis.toml; where
there is none, one is written that allows and records. With server names only those are moved.

      --undo            put the servers back, and take them out of aegis.toml
      --file <file>     the client's file (default: the project's, then the user's)
  -y, --yes             write without asking
  -c, --config <file>   the configuration that the servers go into
`,
    load: async () => (await import('./commands/mcp-wrap.ts')).mcpWrap,
  },
  {
    name: 'policy check',
    summary: 'report every mistake in the configuration, the policies and the manifests',
    help: `usage: aegis policy check [--config file]

Reads the configuration, every policy file and every manifest, and reports every mistake in its place.
Exits with 0 when there is none and with 5 when there is any.

  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./commands/policy-check.ts')).policyCheck,
  },
  {
    name: 'policy show',
    summary: 'print the rules that are in force, in the native format',
    help: `usage: aegis policy show [--config file] [--json]

Prints every rule in order as a native one, whichever format its file is in, with the line that it comes
from, and what is asked after them. What is printed can be a policy file itself;
rules of layers stand in it as comments.

  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
      --json            one JSON object: the digest, each rule with its place, and what is asked after them
`,
    load: async () => (await import('./commands/policy-show.ts')).policyShow,
  },
  {
    name: 'policy schema',
    summary: 'print a Cedar schema of the tools that are in force',
    help: `usage: aegis policy schema [--config file]

Prints a schema for policies in Cedar: an action for each tool that the ledger has in force, with its
arguments and their types. Kept in a file that \`[cedar] schema\` names, policies are checked against it when
they are loaded, and calls when they are judged. Tools are known after the servers were started once.

  aegis policy schema > tools.cedarschema

  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./commands/policy-schema.ts')).policySchema,
  },
  {
    name: 'policy test',
    summary: 'try a policy on files of cases',
    help: `usage: aegis policy test <file...> [--all-rules] [--junit file] [--config file] [--json]

Decides the call of each case as the kernel would, without running or recording it, and compares. Says
which rules no case has met. Exits with 1 when a case fails.

  cases:
    - name: nobody works at night
      at: 2026-11-24T03:00:00+01:00
      call: { server: files, tool: write_file, agent: coder, args: { path: /work/a.txt } }
      session: { steps: 3, tool_calls: 2, age_ms: 1000 }
      expect: { effect: deny, rule: no-nights, code: POLICY_DENY }

In place of \`tool\` a call can have \`resource\` or \`prompt\`; \`expect\` can also be the effect alone, and have
\`findings\`, \`mask\` and \`mode\`.

      --all-rules       fail when there is a rule that no case has met
      --junit <file>    write the results as JUnit XML
  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
      --json            the results as one JSON object
`,
    load: async () => (await import('./commands/policy-test.ts')).policyTest,
  },
  {
    name: 'policy explain',
    summary: 'decide one call without running it, and say why',
    help: `usage: aegis policy explain <server> <tool> [arguments] [--agent name] [--at time] [--config file] [--json]

Decides one tool call as the kernel would in a new session, without running or recording it, and says
why: what the call really is, phase by phase, and each rule in order. Arguments are a JSON object.
Exits with 0 when it would be allowed, 3 when denied, 8 when a person would be asked.

  aegis policy explain files read_text_file '{"path": "../secrets"}'

      --agent <name>    who calls (default: the agent of \`aegis mcp\`)
      --at <time>       when, like 2026-11-24T03:00:00+01:00 (default: now)
  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
      --json            the explanation as one JSON object
`,
    load: async () => (await import('./commands/policy-explain.ts')).policyExplain,
  },
  ...PEOPLE_COMMANDS,
  ...POLICY_COMMANDS,
  {
    name: 'tools list',
    summary: 'show every tool and prompt that was seen, and whether it is still what was accepted',
    help: `usage: aegis tools list [--config file] [--json]

Shows every tool and prompt that a server ever offered: pinned (what is offered is what is in force),
changed (it is not), new (nobody has accepted it), gone (no longer offered).

  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
      --json            one JSON object on standard output
`,
    load: async () => (await import('./commands/tools-list.ts')).toolsList,
  },
  {
    name: 'tools diff',
    summary: 'show what servers changed in the definitions of their tools',
    help: `usage: aegis tools diff [server[/tool]] [--config file]

Shows, line by line, what is offered against what is in force, for everything that waits or for the
server or tool that is named. Exits with 0 when nothing waits and with 8 when something does.

  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./commands/tools-diff.ts')).toolsDiff,
  },
  {
    name: 'tools accept',
    summary: 'put a changed or new definition into force, after showing it',
    help: `usage: aegis tools accept <server>/<tool>... | --all [--yes] [--config file]

Shows each change, asks, and puts exactly what was shown into force; who said so is recorded. A running
gateway takes notice within a second.

      --all             everything that waits
  -y, --yes             do not ask
  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./commands/tools-accept.ts')).toolsAccept,
  },
  {
    name: 'inspect',
    summary: 'show what the inspectors find in a text, a statement, a command or a definition',
    help: `usage: aegis inspect --kind <kind> [file|-] [--direction way] [--dialect name] [--json]
       aegis inspect --ndjson [file|-] [--direction way]

Shows what an inspector finds in a file, or in standard input, and whether it would be blocked by itself
at the default thresholds: texts (prompt), definitions (tool) and arguments (call) that score high or
critical; texts with a credential (secret) or personal data (pii); statements that do anything but read
(sql); commands that are denied or asked about (shell); values that go on as a statement or a command
(sql-value, shell-value); paths out of this folder (path); addresses that do not lead to the public web or
carry credentials (url). Nothing is run. Exits with 0 when it would pass and with 3 when not.

With --ndjson each line {"id", "guard", "input"} gives one line {"id", "verdict", "score",
"findings", "threats"}, and it exits with 0 when all of them could be read.

      --kind <kind>       prompt, secret, pii, pii-number (one value that is said to be a number of a person),
                          sql, sql-value and shell-value (a text that a tool puts into a statement or a command
                          of its own), shell, path, url, tool or call
      --direction <way>   on which way a text is: request, result (default) or definition
      --dialect <name>    postgresql, sqlite or mysql (default: any of them)
      --json              one JSON object on standard output
`,
    load: async () => (await import('./commands/inspect.ts')).inspect,
  },
  {
    name: 'scan',
    summary: 'look for bad patterns in the sources of a skill or a server, or in what a server offers',
    help: `usage: aegis scan <path> [--dependencies] [--fail-on severity] [--json | --sarif | --manifest]
       aegis scan <server> [--server] [--fail-on severity] [--json | --sarif | --manifest] [--config file]

Reads the files of a skill or a server, runs none of them, and says what is wrong with them and where, and
what they reach: hosts, paths, programs, variables. A server of the configuration is started as the gateway
does, asked what it offers, and ended; no tool is called. A name that is both means the files.
Exits with 0, and with 3 when something is as severe as --fail-on.

      --dependencies        read node_modules, virtual environments and vendored folders, too
      --fail-on <severity>  info, low, medium, high (default) or critical
      --json                one JSON object on standard output
      --manifest            the draft of a manifest on standard output, findings on standard error
      --sarif               SARIF 2.1.0 on standard output, for code hosts
      --server              the name is one of a server, whatever lies there
  -c, --config <file>       configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./commands/scan.ts')).scan,
  },
  ...MANIFEST_COMMANDS,
  {
    name: 'witness',
    summary: 'cosign the checkpoints of a ledger elsewhere, as long as it only grows',
    help: `usage: aegis witness --listen <host:port> --log <key>... --state <folder>

Serves a witness (C2SP tlog-witness): it cosigns a checkpoint of a log that it knows when it extends all
that it has cosigned before, and never otherwise. It belongs on another machine than the ledger, under
another person's hands. Shows its own key, which goes into \`witnesses\` under [ledger] there.

      --listen <host:port>   where to listen; port 0 takes a free one
      --log <key>            the key of a log that is cosigned, as \`aegis ledger checkpoint\` shows it; can be
                             given several times
      --state <folder>       its own key, and what it has seen of each log: for one witness alone
`,
    load: async () => (await import('./commands/witness.ts')).witness,
  },
  ...APPROVAL_COMMANDS,
  ...KILL_COMMANDS,
  ...EVENT_COMMANDS,
  ...TELEMETRY_COMMANDS,
  ...SESSION_COMMANDS,
  ...LEDGER_COMMANDS,
  ...THREATS_COMMANDS,
  {
    name: 'verify-ledger',
    summary: 'the same as `aegis ledger verify`',
    help: `usage: aegis verify-ledger [--config file] [--json]

Recomputes every hash, every chain, every transition and every tree of the ledger from the stored bytes,
verifies who signed it, and says what is broken where. The same as \`aegis ledger verify\`, which takes
more. Exits with 0 when all of it holds and with 6 when anything does not.

  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
      --json            one JSON object on standard output
`,
    load: async () => (await import('./commands/verify-ledger.ts')).verifyLedger,
  },
  ...DAEMON_COMMANDS,
  ...DOCTOR_COMMANDS,
  ...CONFIG_COMMANDS,
  ...SHELL_COMMANDS,
];
