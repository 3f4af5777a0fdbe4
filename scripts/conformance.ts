// The official MCP conformance suite, directly and through Aegis: what passes directly must pass through.
//
//   npm run conformance:mcp -- [--pairing NAME]... [--write]
//
// `--write` renews docs/reference/conformance.md, from a run of all pairings in which none broke off.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { pageOf } from '../test/conformance/page.ts';
import { PAIRINGS, type Pairing } from '../test/conformance/pairings.ts';
import { columns, lossesOf, tableOf } from '../test/conformance/report.ts';
import { type Result, Run } from '../test/conformance/run.ts';

const PAGE = new URL('../docs/reference/conformance.md', import.meta.url);
const SUITE = new URL('../node_modules/@modelcontextprotocol/conformance/package.json', import.meta.url);

const { pairings, write } = readArguments();
const run = await Run.open();
const results: Result[] = [];
const broken: string[] = [];
try {
  for (const pairing of pairings) {
    try {
      results.push(...(await resultsOf(pairing)));
    } catch (error) {
      broken.push(`${pairing.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
} finally {
  await run.close();
}
const { headers, rows } = tableOf(results);
const problems = [...broken, ...results.flatMap(lossesOf)];
process.stdout.write(`${columns(headers, rows)}\n\n`);
process.stdout.write(problems.length === 0 ? 'nothing was lost\n' : `${problems.join('\n')}\n`);
if (write && broken.length === 0) {
  const { version } = JSON.parse(readFileSync(SUITE, 'utf8')) as { version: string };
  writeFileSync(PAGE, pageOf(results, version));
}
process.exitCode = problems.length === 0 ? 0 : 1;

async function resultsOf(pairing: Pairing): Promise<readonly Result[]> {
  const gateway = await run.openGateway(pairing);
  try {
    const found: Result[] = [];
    for (const revision of pairing.fronts) found.push(await run.through(pairing, gateway, revision));
    return found;
  } finally {
    await gateway.close();
  }
}

function readArguments(): { readonly pairings: readonly Pairing[]; readonly write: boolean } {
  const { values } = parseArgs({
    options: { pairing: { type: 'string', multiple: true }, write: { type: 'boolean', default: false } },
  });
  const { pairing: names = [], write: asked } = values;
  for (const name of names) {
    if (PAIRINGS.some((known) => known.name === name)) continue;
    const list = PAIRINGS.map((known) => `\`${known.name}\``).join(', ');
    process.stderr.write(`error: unknown pairing \`${name}\`\nhelp: there are ${list}\n`);
    process.exit(2);
  }
  if (asked && names.length > 0) {
    process.stderr.write('error: `--write` needs all pairings\n');
    process.exit(2);
  }
  return {
    pairings: names.length === 0 ? PAIRINGS : PAIRINGS.filter(({ name }) => names.includes(name)),
    write: asked,
  };
}
