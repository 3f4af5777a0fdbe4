import type { CommandEntry } from '../../command.ts';

export const THREATS_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'threats list',
    summary: 'list the threats that the inspectors have a name for',
    help: `usage: aegis threats list [--family name] [--json]

Lists every threat that what an inspector finds can be, with what it does. Their version rises with every
change. What has no name is found all the same.

      --family <name>   of one family: credential-read, persistence, destructive, download-and-run,
                        exfiltration, privilege, reconnaissance, supply-chain, evasion or mcp
      --json            one JSON object on standard output
`,
    load: async () => (await import('./list.ts')).threatsList,
  },
  {
    name: 'threats show',
    summary: 'show a threat: how it is found, what it weighs, an example of it',
    help: `usage: aegis threats show <id> [--json]

Shows by which inspector a threat is found, as which finding and what that weighs in a score, where it is
described elsewhere (MITRE ATT&CK, OWASP, CWE), an example of it, and one that only looks like it.

      --json   one JSON object on standard output
`,
    load: async () => (await import('./show.ts')).threatsShow,
  },
  {
    name: 'threats test',
    summary: 'hold every threat against its own examples',
    help: `usage: aegis threats test [id] [--json]

Judges the two examples of a threat, or of all of them, with the inspectors of this installation: the one
must be found as this threat, the other not. Nothing is run. Exits with 0 when all are as they should be, and
with 1 when not. To look at a text of your own use aegis inspect.

      --json   one JSON object on standard output
`,
    load: async () => (await import('./test.ts')).threatsTest,
  },
];
