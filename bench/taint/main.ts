// What following data costs and stops: recorded tasks and attacks on them, replayed without a model.
import { markdownTable, writeReport } from '../report.ts';
import type { Profile } from './agent.ts';
import { overhead } from './overhead.ts';
import { type Outcome, replay } from './replay.ts';
import { present, readTraces } from './traces.ts';

const product = { following: 'lineage', scored: true, userText: true, manifests: true } as const;

const PROFILES: readonly Profile[] = [
  { ...product, name: 'nothing', following: 'nothing' },
  { ...product, name: 'coarse', following: 'coarse' },
  { ...product, name: 'lineage', scored: false },
  { ...product, name: 'lineage, score and control' },
  { ...product, name: 'the same, manifests held out', manifests: 'held-out' },
  { ...product, name: 'lineage, no user text', scored: false, userText: false },
  { ...product, name: 'lineage, score and control, no user text', userText: false },
  { ...product, name: 'the same, manifests held out, no user text', userText: false, manifests: 'held-out' },
  { ...product, name: 'the same without manifests', userText: false, manifests: false },
];

const GROUPS: readonly (readonly [name: string, suites: readonly string[]])[] = [
  ['AgentDojo', ['workspace', 'travel', 'banking', 'slack']],
  ['AgentDyn', ['shopping', 'github', 'dailylife']],
];

const HEADERS = [
  'profile',
  'tasks untouched',
  'questions a task',
  'attacks that succeed',
  'user served under attack',
];

const INTRODUCTION = `
Recorded tasks of AgentDojo v1.2.2 and AgentDyn, replayed without a model in the worst case: the agent does whatever an
injected text asks, with exactly its words, right after it has read it. \`npm run bench:taint\` replays them through the
product's own lineage, score and \`decide\`; the traces are no part of the repository (a third of what was collected is
measured here: 31 and 12 tasks), and without them it says so.

- **tasks untouched**: tasks of which every call passes without a question. **Questions a task**: calls that ask a person,
  over all tasks.
- **Attacks that succeed**: every call of the injected goal that does more than read passes without a question; goals that
  only read are left out. A question counts as a stop: the person is shown the value and where it was read.
- **User served under attack**: every call of the user passes without a question although the text was read.

| profile | what it is |
| --- | --- |
| nothing | every call passes |
| coarse | after anything was read, every call that writes, sends or pays asks: what a label on the session alone can do |
| lineage | \`[taint]\` without looking at what results say: an argument asks that decides something and was read |
| lineage, score and control | \`[taint]\` as it is: after a text that tries to steer the model, calls ask that do not follow from what was said before |
| manifests held out | what an argument is is said only where its name stands in tools of other suites: of banking and slack for workspace and travel, the other way round, and of these four for AgentDyn; every other argument decides something |
| no user text | the client does not hand in what its user said; it is known only as far as it was an argument before |
| without manifests | tools of which nothing is known: every call is a sink, and every argument decides something |

Manifests say what an argument is by its name (\`bench/taint/manifest.ts\`): texts, dates, amounts and places are content;
what names a thing of the server itself is an id.

**Read with care.** Only the lines \`held out\` say something of servers that nobody has looked at, and they hold out the manifests alone: the
product's own rules for ids, fetched pages and content after a text that steers were settled while looking at all of these traces.
The first form of the rules, before that, had 64.5 % of AgentDojo's tasks untouched (20/31), 0.52 questions a task, 1.4 % of
attacks successful (8/592) and 54.6 % of users served, with user text and score. 31 tasks are few: one task is 3 %. The score knows the five published templates of these attacks; against an attacker who words the text so
that it does not score, the line \`lineage\` is what remains. Tasks of AgentDyn consist of following what pages and mails say,
which is what is asked about. All 144 attacks on shopping and github pay to an empty recipient in these traces: no argument of
theirs can be traced, and only control holds them.
`;

function row(name: string, { tasks, untouched, questions, attacks, successes, served }: Outcome): string[] {
  const share = (part: number, of: number): string => `${((100 * part) / of).toFixed(1)} % (${part}/${of})`;
  return [
    name,
    share(untouched, tasks),
    (questions / tasks).toFixed(2),
    share(successes, attacks),
    share(served, attacks),
  ];
}

if (present) {
  const traces = readTraces();
  const table = (suites: readonly string[]): string =>
    markdownTable(
      HEADERS,
      PROFILES.map((profile) => row(profile.name, replay(traces, profile, suites))),
    );
  const sections: string[] = [];
  for (const [group, suites] of GROUPS) {
    sections.push(`## ${group}`, table(suites));
    for (const suite of suites) sections.push(`### ${suite}`, table([suite]));
  }
  const cost = [
    '## Cost',
    'CPU time. A result is read in pieces, so that others have their turn.',
    overhead(),
  ];
  writeReport('taint', 'Following data', [INTRODUCTION.trim(), ...sections, ...cost].join('\n\n'));
} else {
  process.stdout.write('the recorded tasks are not present\n');
}
