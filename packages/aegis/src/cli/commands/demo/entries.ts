import type { CommandEntry } from '../../command.ts';

/** What attacks look like to Aegis. */
export const DEMO_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'demo',
    summary: 'judge six calls, five of them attacks, and show what stops each',
    help: `usage: aegis demo [--json]

Judges six calls as the kernel does, under a policy that comes with Aegis: a document that is read, and
five attacks (a .env file, an SSH key, an upload to a stranger, rm -rf, the metadata service of a cloud).
Shows the verdict, the threat score and what decided. Nothing is run, started or recorded. Exits with 0
when each verdict is as it should be.

      --json   one JSON object a line: {"scenario", "call", "verdict", "score", "code", "message"}
`,
    load: async () => (await import('./demo.ts')).demo,
  },
];
