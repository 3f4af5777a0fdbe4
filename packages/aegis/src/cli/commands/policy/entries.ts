import type { CommandEntry } from '../../command.ts';

const CONFIG =
  '  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)';

const POLICY = `A policy is named by a bundle (\`aegis policy bundle\`), a configuration (aegis.toml), a file of rules that
stands in place of all rules of the configuration, or the beginning of a digest of the history.`;

/** The lines of the command table that are about policies and their history. */
export const POLICY_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'policy diff',
    summary: 'compare two policies: their texts, and what they say of calls',
    help: `usage: aegis policy diff [<before>] <after> [--config file] [--json]

Shows what differs in the texts, then which calls the two say different things of: calls made up from
their rules, and the calls of the ledger. Without <before> the policy of the configuration is meant. Exits
with 0 when nothing differs and with 1 when anything does.

${POLICY}

      --json            one JSON object on standard output
${CONFIG}
`,
    load: async () => (await import('./diff.ts')).policyDiff,
  },
  {
    name: 'policy simulate',
    summary: 'decide the calls of the ledger again by a draft',
    help: `usage: aegis policy simulate [--policy draft] [--since time] [--config file] [--json]

Decides every call of the ledger again, each in the session as it was then, and lists the newly allowed,
newly denied and newly asked ones with the events of their proposals. Nothing is run or written. Calls
whose arguments were erased are named as not decidable. Exits with 0 when no call is decided differently
and with 1 when any is.

${POLICY}

      --policy <draft>  the policy to try (default: the configuration as it is now)
      --since <time>    only calls from then on: 2026-06-30, 2026-06-30T12:00Z, or 7d for so long ago
      --json            one JSON object on standard output
${CONFIG}
`,
    load: async () => (await import('./simulate.ts')).policySimulate,
  },
  {
    name: 'policy suggest',
    summary: 'draft the least policy that would have allowed calls of the past',
    help: `usage: aegis policy suggest --calls <id,...> | --session <id,...> [--config file] [--json]

Takes calls that a person says were good, and drafts rules that allow them and as little else as they can;
that they do was tried. What a manifest stands in the way of is drafted for the manifest. Says what no rule
changes, and which other calls of the ledger the rules would let pass as well. Nothing is written. Exits
with 1 when something stays denied.

      --calls <id,...>    call ids (\`call_...\`), or events of proposals (\`ses_.../4\`)
      --session <id,...>  all calls of these sessions
      --json              one JSON object on standard output
${CONFIG}
`,
    load: async () => (await import('./suggest.ts')).policySuggest,
  },
  {
    name: 'policy bundle',
    summary: 'write the policy as one file, signed or not',
    help: `usage: aegis policy bundle [--out file] [--sign key] [--config file]

Writes every text that the policy is made of (the configuration, rules, manifests, Rego) as one JSON file
whose fingerprint is its address. Values of credentials are in none of them.

  -o, --out <file>      where it goes (default: standard output); a file that exists is not replaced
      --sign <key>      sign it with an Ed25519 private key in PEM
${CONFIG}
`,
    load: async () => (await import('./bundle.ts')).policyBundle,
  },
  {
    name: 'policy apply',
    summary: 'put a bundle or a file of rules in place, on record',
    help: `usage: aegis policy apply <bundle | file> [--yes] [--config file] [--json]

Shows what changes in the files of the policy, asks, records who did it, and writes; copies are kept under
.aegis/backups. What runs takes the change within seconds. A file of rules takes the place of the one that
\`policy\` names. With \`trust_mode = "prod"\` only what a key of [trust] has signed is taken.

  -y, --yes             do not ask
      --json            one JSON object on standard output
${CONFIG}
`,
    load: async () => (await import('./apply.ts')).policyApply,
  },
  {
    name: 'policy history',
    summary: 'list every policy that was in force, when, and on whose word',
    help: `usage: aegis policy history [--config file] [--json]

Reads from the ledger which policy came into force when: its digest, which every decision under it
carries, the cause (start, reload, apply, rollback), by whom, and by which key it was signed.

      --json            one JSON object on standard output
${CONFIG}
`,
    load: async () => (await import('./history.ts')).policyHistoryCommand,
  },
  {
    name: 'policy rollback',
    summary: 'put an earlier policy back in place, from the ledger',
    help: `usage: aegis policy rollback [<digest>] [--yes] [--config file] [--json]

Takes the exact texts of a policy that was in force from the ledger, and puts them in place as
\`aegis policy apply\` does. Without a digest: the one before the one that is in the files now.

  -y, --yes             do not ask
      --json            one JSON object on standard output
${CONFIG}
`,
    load: async () => (await import('./rollback.ts')).policyRollback,
  },
  {
    name: 'decide',
    summary: 'decide one request without running or recording it',
    help: `usage: aegis decide --file <request.json> [--config file]

Decides a request as the kernel would and answers with one JSON object: \`decision\` (whether the call would
go on) and \`context\` (effect, reasons, obligations, digest). Exits with 0 when it would be allowed, 3 when
denied, 8 when a person would be asked.

  {"subject": {"type": "agent", "id": "coder"}, "action": {"name": "tools/call"},
   "resource": {"type": "tool", "id": "read_file", "properties": {"server": "files"}},
   "context": {"args": {"path": "a.txt"}, "session": {"tool_calls": 3}, "at": "2026-11-24T03:00:00Z"}}

In place of these members (OpenID AuthZEN) a request can have \`call\`, \`session\` and \`at\` as the cases of
\`aegis policy test\` have them.

  -f, --file <file>     the request; \`-\` for standard input
${CONFIG}
`,
    load: async () => (await import('../decide.ts')).decide,
  },
];
