import type { CommandEntry } from '../../command.ts';

const CONFIG = `  -c, --config <file>     configuration (default: aegis.toml here or above, then ~/.config/aegis)
`;

/** What a person can do about held calls, and about what was granted. */
export const APPROVAL_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'approvals list',
    summary: 'list the calls that wait for a person',
    help: `usage: aegis approvals list [--all] [--json] [--config file]

Lists the calls that wait for a person. Exits with 0 when nothing waits and with 8 when something does.

      --all               also those that were answered or have expired
      --json              one JSON object a line
${CONFIG}`,
    load: async () => (await import('./list.ts')).approvalsList,
  },
  {
    name: 'approvals show',
    summary: 'show what is asked, and who said what',
    help: `usage: aegis approvals show <approval> [--json] [--config file]

Shows a call that a person was asked about: who makes it, with which arguments, why somebody is asked, and
who said what. Exits with 0 when it was approved, 3 when it was refused or has expired, 8 while it waits.

      --json              one JSON object
${CONFIG}`,
    load: async () => (await import('./show.ts')).approvalsShow,
  },
  {
    name: 'approvals approve',
    summary: 'let a held call run',
    help: `usage: aegis approvals approve <approval> [--why text] [--yes] [--json] [--config file]
       aegis approvals approve <approval> --edit <file>
       aegis approvals approve <approval> --grant <scope> [--args patterns] [--tool glob] [--agent glob]

Shows the call, asks, and lets it run once: exactly as it was shown, judged again by the policy as it then
is. Who said so is recorded. Exits with 0, with 8 when more people have to agree, and with 3 when it was
not taken.

      --edit <file>       run it with the arguments in a JSON file instead; they are judged like any others
      --grant <scope>     nobody is asked again: in this session, or for 30m, 12h, up to 7d
      --args <patterns>   what is granted: any, or globs by argument, '{"path": "reports/*"}'; arguments
                          without one have to be the same (default: all the same)
      --tool <glob>       grant for the tools of that server with such names (default: this one)
      --agent <glob>      grant for the agents with such names (default: this one)
      --why <text>        the reason, for the record
  -y, --yes               do not ask
      --json              one JSON object
${CONFIG}`,
    load: async () => (await import('./approve.ts')).approvalsApprove,
  },
  {
    name: 'approvals refuse',
    summary: 'let a held call not run',
    help: `usage: aegis approvals refuse <approval> [--why text] [--json] [--config file]

Refuses a call. The agent is told so, with the reason, and cannot have the same call asked about again until
this question would have expired.

      --why <text>        the reason, for the agent and for the record
      --json              one JSON object
${CONFIG}`,
    load: async () => (await import('./refuse.ts')).approvalsRefuse,
  },
  {
    name: 'approvals watch',
    summary: 'show each call that waits as it comes, and take the answer',
    help: `usage: aegis approvals watch [--notify] [--json] [--config file]

Shows each call that waits as it comes, and asks for the answer. Without a terminal, or with --json, it only
shows. Ends with Ctrl-C.

      --notify            also as a notification of the desktop, through the terminal
      --json              one JSON object a line, and no questions
${CONFIG}`,
    load: async () => (await import('./watch.ts')).approvalsWatch,
  },
  {
    name: 'grants list',
    summary: 'list what was granted, so that nobody is asked again',
    help: `usage: aegis grants list [--all] [--json] [--config file]

Lists the grants that hold: for which agent, tool and arguments, until when, and by whom.

      --all               also those that are over or were revoked
      --json              one JSON object a line
${CONFIG}`,
    load: async () => (await import('../grants/list.ts')).grantsList,
  },
  {
    name: 'grants revoke',
    summary: 'take a grant back',
    help: `usage: aegis grants revoke <grant> [--why text] [--json] [--config file]

Takes a grant back. A running gateway takes notice with the next call.

      --why <text>        the reason, for the record
      --json              one JSON object
${CONFIG}`,
    load: async () => (await import('../grants/revoke.ts')).grantsRevoke,
  },
];
