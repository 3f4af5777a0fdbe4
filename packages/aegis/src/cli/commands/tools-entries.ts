import type { CommandEntry } from '../command.ts';

/** What servers offer, and whether it is trusted. */
export const TOOLS_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'tools list',
    summary: 'show every tool and prompt that was seen, and whether it is still what was accepted',
    help: `usage: aegis tools list [--config file] [--json]

Shows every tool and prompt that a server ever offered: pinned (what is offered is what is in force),
changed (it is not), new (nobody has accepted it), gone (no longer offered).

  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
      --json            one JSON object on standard output
`,
    load: async () => (await import('./tools-list.ts')).toolsList,
  },
  {
    name: 'tools diff',
    summary: 'show what servers changed in the definitions of their tools',
    help: `usage: aegis tools diff [server[/tool]] [--config file] [--json]

Shows, line by line, what is offered against what is in force, for everything that waits or for the
server or tool that is named. Exits with 0 when nothing waits and with 8 when something does.

      --json            one JSON object on standard output
  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./tools-diff.ts')).toolsDiff,
  },
  {
    name: 'tools accept',
    summary: 'put a changed or new definition into force, after showing it',
    help: `usage: aegis tools accept <server>/<tool>... | --all [--yes] [--config file] [--json]

Shows each change, asks, and puts exactly what was shown into force; who said so is recorded. A running
gateway takes notice within a second.

      --all             everything that waits
  -y, --yes             do not ask
      --json            one JSON object on standard output
  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./tools-accept.ts')).toolsAccept,
  },
];
