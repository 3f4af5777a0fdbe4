// The same server as a stdio child; its argument says how many tools it has.
import { answer, nothingExecuted } from './answers.ts';
import { lines } from './lines.ts';

const tools = Number(process.argv[2]);
const executed = nothingExecuted();

process.stdin.on(
  'data',
  lines((line) => {
    const body = answer(JSON.parse(line), tools, executed);
    if (body !== undefined) process.stdout.write(`${body}\n`);
  }),
);
