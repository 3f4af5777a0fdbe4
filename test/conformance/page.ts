import { markdownTable } from '../../bench/report.ts';
import { counted, explained, lossesOf, tableOf, total, verdictOf } from './report.ts';
import type { Result } from './run.ts';

/** The reference page about conformance, from the results of a whole run. */
export function pageOf(results: readonly Result[], suiteVersion: string): string {
  const summary = results.map(({ pairing, revision, comparisons }) => [
    revision,
    pairing,
    String(comparisons.length),
    counted(total(comparisons.map(({ direct }) => direct))),
    counted(total(comparisons.map(({ through }) => through))),
    String(comparisons.filter((comparison) => verdictOf(pairing, comparison) === 'lost').length),
  ]);
  const losses = results.flatMap(lossesOf);
  const { headers, rows } = tableOf(results);
  return `# Conformance

The official conformance suite, \`@modelcontextprotocol/conformance\` ${suiteVersion}, runs twice: directly against a
reference server built with the official library, and against Aegis in front of the same server, with a policy that lets
everything pass. Every check that passes directly has to pass through Aegis. \`npm run conformance:mcp\` repeats it, and
\`npm test\` includes it; this page is written by \`npm run conformance:mcp -- --write\`.

The reference server speaks both eras of the protocol, over HTTP and over standard input and output. The pairings are what
stands behind Aegis: \`http\` and \`stdio\` leave it to Aegis which era to speak with the server, the others hold it to one,
so that each era in front meets each era behind.

## Results

Checks passed, of those that could be judged.

${markdownTable(['revision in front', 'pairing', 'scenarios', 'direct', 'through Aegis', 'scenarios that lost a check'], summary)}

## Differences and their reasons

${markdownTable(['revision', 'scenario', 'check', 'reason'], explained(results))}

## Checks lost on the way

${losses.length === 0 ? 'None.' : losses.map((loss) => `- ${loss}`).join('\n')}

## Every scenario

\`equal\`: every check came out the same. \`accepted\`: the differences are those above. \`differs\`: only checks that do not
pass directly either. \`lost\`: a check that passes directly does not pass through Aegis.

${markdownTable(headers, rows)}
`;
}
