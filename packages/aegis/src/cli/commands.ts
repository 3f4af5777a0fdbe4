import type { CommandEntry } from './command.ts';
import { APPROVAL_COMMANDS } from './commands/approvals/entries.ts';
import { CONFIG_COMMANDS } from './commands/config/entries.ts';
import { DAEMON_COMMANDS } from './commands/daemon/entries.ts';
import { DEMO_COMMANDS } from './commands/demo/entries.ts';
import { DOCTOR_COMMANDS } from './commands/doctor/entries.ts';
import { EVENT_COMMANDS } from './commands/events/entries.ts';
import { KILL_COMMANDS } from './commands/kill/entries.ts';
import { LEDGER_COMMANDS } from './commands/ledger/entries.ts';
import { MANIFEST_COMMANDS } from './commands/manifest/entries.ts';
import { MCP_COMMANDS } from './commands/mcp-entries.ts';
import { PEOPLE_COMMANDS } from './commands/people/entries.ts';
import { SIGN_IN_COMMANDS } from './commands/sign-in/entries.ts';
import { POLICY_TRIAL_COMMANDS } from './commands/policy-entries.ts';
import { POLICY_COMMANDS } from './commands/policy/entries.ts';
import { SECRET_COMMANDS } from './commands/secret/entries.ts';
import { SERVICE_COMMANDS } from './commands/services/entries.ts';
import { SESSION_COMMANDS } from './commands/sessions/entries.ts';
import { SHELL_COMMANDS } from './commands/shell/entries.ts';
import { TAINT_COMMANDS } from './commands/taint/entries.ts';
import { TELEMETRY_COMMANDS } from './commands/telemetry/entries.ts';
import { THREATS_COMMANDS } from './commands/threats/entries.ts';
import { TOOLS_COMMANDS } from './commands/tools-entries.ts';

/** The one table of commands. A help text is here, so that it can be shown without loading its command. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'write a commented aegis.toml, a policy and manifests into a folder',
    help: `usage: aegis init [folder] [--json]

Writes a commented aegis.toml, a policy, a manifest and an agent token into the folder (default: this
one). Nothing that exists is overwritten.

      --json   one JSON object on standard output
`,
    load: async () => (await import('./commands/init.ts')).init,
  },
  {
    name: 'start',
    summary: 'check everything in seven steps, then serve until stopped',
    help: `usage: aegis start [--config file] [--json]

Checks everything in seven steps, then serves MCP over HTTP until it is stopped (Ctrl-C, SIGTERM).
Changes of the policy are taken while it runs, at once on SIGHUP; one with a mistake changes nothing.

      --json            one JSON object a line: each step, then where it serves
  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./commands/start.ts')).start,
  },
  ...MCP_COMMANDS,
  ...POLICY_TRIAL_COMMANDS,
  ...POLICY_COMMANDS,
  ...TOOLS_COMMANDS,
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
                          sql, sql-value and shell-value (a text that a tool puts into a statement or a
                          command of its own), shell, path, url, tool or call
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
    help: `usage: aegis witness --listen <host:port> --log <key>... --state <folder> [--json]

Serves a witness (C2SP tlog-witness): it cosigns a checkpoint of a log that it knows when it extends all
that it has cosigned before, and never otherwise. It belongs on another machine than the ledger, under
another person's hands. Shows its own key, which goes into \`witnesses\` under [ledger] there.

      --listen <host:port>   where to listen; port 0 takes a free one
      --log <key>            the key of a log that is cosigned, as \`aegis ledger checkpoint\` shows it; can be
                             given several times
      --state <folder>       its own key, and what it has seen of each log: for one witness alone
      --json                 one JSON object: its key, and its address
`,
    load: async () => (await import('./commands/witness.ts')).witness,
  },
  ...APPROVAL_COMMANDS,
  ...PEOPLE_COMMANDS,
  ...SIGN_IN_COMMANDS,
  ...SECRET_COMMANDS,
  ...SERVICE_COMMANDS,
  ...KILL_COMMANDS,
  ...TAINT_COMMANDS,
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
  ...DEMO_COMMANDS,
  ...CONFIG_COMMANDS,
  ...SHELL_COMMANDS,
];
