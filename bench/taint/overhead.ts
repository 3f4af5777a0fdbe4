import { type JsonObject, Lineage } from '@aegis/core';
import { markdownTable, median } from '../report.ts';

const SIZES_KB = [1, 64, 256, 1024];
const CALLS = 200;
const ROUNDS = 5;

const WORDS =
  'account balance channel delivery engine forward garden harbour island journal kitchen letter'.split(' ');

/** Running text of so many KB, the same each time; every line has words that no other has. */
function textOf(kilobytes: number): string {
  const lines: string[] = [];
  for (let i = 0, length = 0; length < kilobytes * 1024; i++) {
    const words = WORDS.map((_, at) => WORDS[(i * 7 + at * (1 + (i % 5))) % WORDS.length]).join(' ');
    const line = `${i} ${words} contact${i}@mail-${i % 97}.example ref ${(i * 2_654_435_761) % 4_294_967_296}`;
    lines.push(line);
    length += line.length + 1;
  }
  return lines.join('\n');
}

/** Arguments that no call before had. */
function shortArguments(i: number): JsonObject {
  return {
    to: `someone${i}@elsewhere.example`,
    path: `./notes/day-${i}.md`,
    subject: `The notes of day ${i}`,
  };
}

function longArguments(i: number): JsonObject {
  const sentence = `Some words that nobody else wrote, number ${i}, with 12 figures. `;
  return { ...shortArguments(i), body: sentence.repeat(64) };
}

function cpuMicros(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return user + system;
}

function read(lineage: Lineage, text: string): void {
  const result = { callId: 'call_1', server: 'web', labels: ['external'], steers: false, content: { text } };
  for (const _ of lineage.receive(result)) continue;
}

/** CPU time of one call: its arguments traced before the decision, and taken in after it. */
function perCall(lineage: Lineage, argumentsOf: (i: number) => JsonObject): number {
  let made = 0;
  const rounds = Array.from({ length: ROUNDS }, () =>
    cpuMicros(() => {
      for (let i = 0; i < CALLS; i++) {
        const args = argumentsOf(made++);
        lineage.trace({ server: 'mail', capabilities: ['message.send'], args, kinds: undefined });
        lineage.propose(args);
      }
    }),
  );
  return median(rounds) / CALLS;
}

/** What following costs, by how much a session has read. */
export function overhead(): string {
  // Once to warm up.
  perCall(new Lineage(1), longArguments);
  const rows = SIZES_KB.map((kilobytes) => {
    const text = textOf(kilobytes);
    const lineage = new Lineage(1);
    const reading = cpuMicros(() => read(lineage, text));
    const [short, long] = [perCall(lineage, shortArguments), perCall(lineage, longArguments)];
    return [
      `${kilobytes} KB`,
      `${(reading / 1000).toFixed(1)} ms`,
      `${short.toFixed(0)} us`,
      `${long.toFixed(0)} us`,
    ];
  });
  const headers = ['read in the session', 'to read it', 'a call of 90 bytes', 'a call of 4 KB'];
  return markdownTable(headers, rows);
}
