import { COMMANDS } from './commands.ts';

/** The page of the reference that shows every command as `--help` does, in Markdown. */
export function reference(): string {
  const sections = [...COMMANDS]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, help }) => `## aegis ${name}\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`);
  return `${HEAD}\n${sections.join('\n')}`;
}

const HEAD = `# The command line

<!-- Written by \`npm run schemas\` from the table of commands. -->

\`aegis <command> --help\` prints what stands here. \`aegisctl verify | export | manifest\` are other names of \`aegis ledger verify\`,
\`aegis ledger export\` and \`aegis manifest\`, and \`aegisd\` is \`aegis daemon\`. Everything that is shown goes to standard output, everything that is said beside it to
standard error; nothing is coloured. No question is asked where \`--yes\` stands or there is no terminal.

\`--json\` gives one JSON object, or one a line where there are many, and nothing else on standard output. A command that ends with an
error says it there as well, as the last line: \`{"error": {"code", "message", "help"}}\`; the exit code says the same. \`aegis mcp\`, \`export\`,
\`decide\`, \`completion\`, \`policy bundle\`, \`policy schema\` and \`manifest generate\` give a document of their own and take no \`--json\`.
A noun alone (\`aegis policy --help\`) shows its verbs.

| exit code | means |
| --- | --- |
| 0 | done, or allowed |
| 1 | it failed |
| 2 | a wrong call |
| 3 | denied |
| 4 | not signed in, or not allowed to |
| 5 | an input, a configuration or a policy is not valid |
| 6 | evidence is broken |
| 8 | a person has to decide |
| 130 | interrupted |
`;
