import type { CommandEntry } from '../../command.ts';

/** What makes the command line pleasant in a shell. */
export const SHELL_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'completion',
    summary: 'write what teaches a shell to complete aegis',
    help: `usage: aegis completion bash | zsh | fish

Writes a script for the shell. With it commands, options and words that they know are completed, and the
names of servers, tools, agents, people, sessions, approvals and grants that are there now:

  source <(aegis completion bash)                                       in ~/.bashrc
  source <(aegis completion zsh)                                        in ~/.zshrc, after compinit
  aegis completion fish > ~/.config/fish/completions/aegis.fish         once
`,
    load: async () => (await import('./completion.ts')).completion,
  },
];
