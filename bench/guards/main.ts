// Every inspector on labelled corpora, through what answers `aegis inspect --ndjson`.
import { openInspectors } from '../../packages/aegis/src/daemon/inspection.ts';
import { present, WORKSPACE } from '../../test/corpora/corpus.ts';
import { type Measured, measure } from '../../test/corpora/measure.ts';
import { PLAN } from '../../test/corpora/plan.ts';
import { alarmKinds, HEADERS, missedKinds, rowOf } from '../../test/corpora/report.ts';
import { markdownTable, writeReport } from '../report.ts';
import { fourKib } from './four-kib.ts';

const HOW = `Each corpus is divided by the digest of the case. The inspectors were made with an eye on the development half;
the held-out half says what to expect elsewhere. Found: attacks that were stopped. False alarms: harmless cases that
were stopped. Questions: harmless cases that were stopped for what nobody can know before it runs, and for nothing
that is known. Times are the fastest of three for each case, the parsing of the line included, and a text below 1 KB
counts as 1 KB.`;

const ROUNDS = 3;

const words = process.argv.slice(2);
const chosen = PLAN.filter(({ name }) => words.every((word) => name.includes(word)));

if (!present) {
  process.stdout.write(
    'corpora: NOT PRESENT, nothing measured (expected beside the repository, in shared/corpora)\n',
  );
} else {
  const platform = await openInspectors(WORKSPACE);
  const measured: Measured[] = [];
  const absent: string[] = [];
  for (const plan of chosen) {
    const halves = measure(plan, platform, ROUNDS);
    if (halves === undefined) absent.push(plan.file);
    else measured.push(...halves);
  }
  const whole = fourKib(new URL('../../../shared/corpora/agentdojo/tool-outputs.jsonl', import.meta.url));
  const body = [
    HOW,
    ...(absent.length === 0 ? [] : [`**Not present, and not measured:** ${absent.join(', ')}.`]),
    markdownTable(HEADERS, measured.map(rowOf)),
    ...(whole === undefined
      ? []
      : [
          `All inspectors of content together (text, credentials, personal data) on ${whole.texts} pieces of 4 KiB of tool outputs take ${whole.p50.toFixed(1)} ms at the median, ${whole.p99.toFixed(1)} ms for the slowest hundredth.`,
        ]),
    '## Missed, by kind of attack',
    markdownTable(['corpus', 'half', 'kind', 'missed'], missedKinds(measured)),
    '## False alarms and questions, by finding',
    markdownTable(['corpus', 'half', 'finding', 'cases'], alarmKinds(measured)),
  ].join('\n\n');
  if (words.length === 0) writeReport('guards', 'Guards on labelled corpora', body);
  else process.stdout.write(`${body}\n`);
}
