import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import {
  AegisError,
  INSPECTED_KINDS,
  type InspectedKind,
  judge,
  type Judgement,
  type JudgementOptions,
  type JsonValue,
  parseExact,
} from '@aegis/core';
import { openInspectors } from '../../daemon/inspection.ts';
import type { Arguments, Command, Terminal } from '../command.ts';
import { EXIT } from '../exit.ts';
import { judgeLine } from '../inspect/judge-line.ts';
import { visible } from '../tools/visible.ts';

/** Largest input that is judged as one. */
const MAX_INPUT_BYTES = 16 * 1024 * 1024;

export const inspect: Command = {
  options: {
    kind: { type: 'string' },
    direction: { type: 'string' },
    dialect: { type: 'string' },
    json: { type: 'boolean' },
    ndjson: { type: 'boolean' },
  },
  positionals: 1,
  async run(args, terminal) {
    const direction = wordOf(args, 'direction', DIRECTIONS) ?? 'result';
    if (args.options['ndjson'] === true) {
      return judgeLines(args, terminal, { platform: await openInspectors(terminal.cwd), direction });
    }
    const kind = wordOf(args, 'kind', INSPECTED_KINDS);
    if (kind === undefined) {
      throw new AegisError('USAGE', 'say what it is with --kind', { help: 'aegis inspect --help' });
    }
    const dialect = wordOf(args, 'dialect', DIALECTS);
    const text = await readInput(args, terminal);
    const platform = await openInspectors(terminal.cwd, kind);
    const judged = judge(kind, inputOf(kind, text), { platform, direction, dialect });
    terminal.stdout.write(
      args.options['json'] === true ? `${JSON.stringify(judged)}\n` : describe(text, judged),
    );
    return judged.verdict === 'block' ? EXIT.denied : EXIT.ok;
  },
};

const DIRECTIONS = ['request', 'result', 'definition'] as const;
const DIALECTS = ['postgresql', 'sqlite', 'mysql'] as const;

function wordOf<Word extends string>(
  { options }: Arguments,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const given = options[name];
  if (given === undefined) return undefined;
  const word = words.find((candidate) => candidate === given);
  if (word !== undefined) return word;
  throw new AegisError('USAGE', `--${name} is one of ${words.join(', ')}`, { help: 'aegis inspect --help' });
}

async function readInput({ positionals }: Arguments, { stdin, cwd }: Terminal): Promise<string> {
  const [file = '-'] = positionals;
  const chunks: Buffer[] = [];
  let bytes = 0;
  const source = file === '-' ? stdin : createReadStream(resolve(cwd, file));
  try {
    for await (const chunk of source) {
      bytes += (chunk as Buffer).length;
      if (bytes > MAX_INPUT_BYTES)
        throw new AegisError('INPUT_INVALID', `longer than ${MAX_INPUT_BYTES} bytes`);
      chunks.push(Buffer.from(chunk));
    }
  } catch (error) {
    throw unreadable(file, error);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function unreadable(file: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return error instanceof AegisError || code === undefined
    ? error
    : new AegisError('FILE_UNREADABLE', `cannot read \`${file}\`: ${code}`);
}

/** What ends a line of a file is no part of a statement, a command, a path or an address. */
function inputOf(kind: InspectedKind, text: string): JsonValue {
  if (kind === 'tool' || kind === 'call') {
    const parsed = parseExact(text);
    if (!parsed.ok) throw new AegisError('INPUT_INVALID', `not JSON: ${parsed.problem.message}`);
    return parsed.value;
  }
  return kind === 'path' || kind === 'url' ? text.replace(/\r?\n$/, '') : text;
}

function describe(text: string, { verdict, score, findings, threats }: Judgement): string {
  const rows = findings.map(({ severity, id, at, span, message }) => [
    severity,
    id,
    span === undefined ? visible(at) || '-' : placeIn(text, span.start),
    message,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  const named = threats.length === 0 ? [] : [`threats: ${threats.join(', ')}`];
  return `${[...lines, ...named, `score ${score}: ${verdict}`].join('\n')}\n`;
}

/** Line and column, from 1. */
function placeIn(text: string, at: number): string {
  const before = text.slice(0, at);
  return `${before.split('\n').length}:${at - before.lastIndexOf('\n')}`;
}

async function judgeLines(
  { positionals }: Arguments,
  { stdin, stdout, cwd }: Terminal,
  options: Pick<JudgementOptions, 'platform' | 'direction'>,
): Promise<number> {
  const [file = '-'] = positionals;
  const input = file === '-' ? stdin : createReadStream(resolve(cwd, file));
  let bad = 0;
  try {
    for await (const line of createInterface({ input })) {
      if (line.trim() === '') continue;
      const answer = judgeLine(line, options);
      if ('error' in answer) bad++;
      if (!stdout.write(`${JSON.stringify(answer)}\n`))
        await new Promise((done) => stdout.once('drain', done));
    }
  } catch (error) {
    throw unreadable(file, error);
  }
  return bad === 0 ? EXIT.ok : EXIT.failure;
}
