import type { CommandEntry } from '../command.ts';

/** A policy as it is written: read, shown, explained and tested. */
export const POLICY_TRIAL_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'policy check',
    summary: 'report every mistake in the configuration, the policies and the manifests',
    help: `usage: aegis policy check [--config file] [--json]

Reads the configuration, every policy file and every manifest, and reports every mistake in its place.
Exits with 0 when there is none and with 5 when there is any.

      --json            one JSON object on standard output
  -c, --config <file>   configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./policy-check.ts')).policyCheck,
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
    load: async () => (await import('./policy-show.ts')).policyShow,
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
    load: async () => (await import('./policy-schema.ts')).policySchema,
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
    load: async () => (await import('./policy-test.ts')).policyTest,
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
    load: async () => (await import('./policy-explain.ts')).policyExplain,
  },
];
