#!/usr/bin/env node
// `aegisctl verify | export | manifest ...`: other names of `aegis ledger verify | export` and `aegis manifest ...`.
const NAMES = { verify: ['ledger', 'verify'], export: ['ledger', 'export'], manifest: ['manifest'] };

const [word = '--help', ...rest] = process.argv.slice(2);
const known = Object.hasOwn(NAMES, word) ? NAMES[word] : undefined;
if (known === undefined) {
  const asked = word === '--help' || word === '-h';
  const text = `usage: aegisctl verify | export | manifest ...

The same as \`aegis ledger verify\`, \`aegis ledger export\` and \`aegis manifest ...\`.
`;
  (asked ? process.stdout : process.stderr).write(
    asked ? text : `error: unknown command \`${word}\`\n${text}`,
  );
  process.exit(asked ? 0 : 2);
}
process.argv.splice(2, process.argv.length, ...known, ...rest);
await import('./aegis.js');
