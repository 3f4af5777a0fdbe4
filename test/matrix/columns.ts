import { mkdirSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../e2e/aegis.ts';
import type { Target } from './client.ts';
import { EVERYTHING_BRIEF, EVERYTHING_FAILURES, EVERYTHING_QUESTIONS } from './columns/everything.ts';
import { filesystemQuestions } from './columns/filesystem.ts';
import { MEMORY_QUESTIONS } from './columns/memory.ts';
import { SEQUENTIAL_THINKING_QUESTIONS } from './columns/sequential-thinking.ts';
import type { Questions } from './question.ts';

/** A server as it can be had from the registry, and what it is asked. */
export interface Column {
  readonly name: string;
  /** How the server is reached without the gateway. */
  readonly direct: Target;
  /** Keys of its entry in the configuration of the gateway. */
  readonly entry: Readonly<Record<string, unknown>>;
  readonly manifest?: string;
  readonly questions: Questions;
  /** Those that are to be answered with an error, so that no two errors are taken for an equal success. */
  readonly failures: readonly string[];
  /** Those that a client is asked for which every question costs two processes. */
  readonly brief: readonly string[];
  /** Undoes what the questions have left behind, where the server cannot. */
  prepare?(): void;
  /** A call that one agent is forbidden, and the file that it leaves, where it leaves one. */
  readonly forbidden: {
    readonly name: string;
    readonly arguments: Readonly<Record<string, unknown>>;
    readonly trace?: string;
  };
}

const ASKS = ['sampling/createMessage', 'elicitation/create', 'roots/list'];

/** The columns of the matrix. `everythingUrl` is where the everything server is served over HTTP. */
export function columnsIn(folder: string, everythingUrl: string): readonly Column[] {
  const files = filesystemFolder(folder);
  const memory = (name: string): Readonly<Record<string, string>> => ({
    MEMORY_FILE_PATH: join(folder, `${name}.jsonl`),
  });
  const filesystem = program('server-filesystem', files);
  const everything = program('server-everything', 'stdio');
  const thinking = program('server-sequential-thinking');
  const remembering = program('server-memory');
  return [
    {
      name: 'filesystem',
      direct: { kind: 'program', command: filesystem, environment: {} },
      entry: { command: filesystem },
      questions: filesystemQuestions(files),
      failures: [
        'a move over a file that is there',
        'a path outside',
        'a missing argument',
        'an argument of the wrong type',
        'an unknown tool',
      ],
      brief: ['tools/list', 'a text', 'an image', 'a path outside'],
      prepare: () => rmSync(join(files, 'sub/moved.md'), { force: true }),
      forbidden: {
        name: 'write_file',
        arguments: { path: join(files, 'forbidden.md'), content: 'x' },
        trace: join(files, 'forbidden.md'),
      },
    },
    {
      name: 'memory',
      direct: { kind: 'program', command: remembering, environment: memory('direct') },
      entry: { command: remembering, env: memory('through') },
      questions: MEMORY_QUESTIONS,
      failures: ['an observation of nobody', 'a wrong argument'],
      brief: ['tools/list', 'resources/list', 'a search', 'a wrong argument'],
      forbidden: {
        name: 'create_entities',
        arguments: { entities: [{ name: 'Eve', entityType: 'person', observations: [] }] },
        trace: join(folder, 'through.jsonl'),
      },
    },
    {
      name: 'sequential-thinking',
      direct: { kind: 'program', command: thinking, environment: {} },
      // What it remembers belongs to one client.
      entry: { command: thinking, isolation: 'session' },
      questions: SEQUENTIAL_THINKING_QUESTIONS,
      failures: ['no thought', 'a thought of the wrong type'],
      brief: ['tools/list', 'a thought'],
      forbidden: {
        name: 'sequentialthinking',
        arguments: { thought: 'x', thoughtNumber: 1, totalThoughts: 1, nextThoughtNeeded: false },
      },
    },
    {
      name: 'everything',
      direct: { kind: 'program', command: everything, environment: {} },
      entry: { command: everything },
      manifest: `server: everything\nclient_requests: [${ASKS.join(', ')}]\n`,
      questions: EVERYTHING_QUESTIONS,
      failures: EVERYTHING_FAILURES,
      brief: EVERYTHING_BRIEF,
      forbidden: { name: 'toggle-simulated-logging', arguments: {} },
    },
    {
      name: 'everything-http',
      direct: { kind: 'url', url: everythingUrl },
      entry: { url: everythingUrl, isolation: 'session' },
      questions: EVERYTHING_QUESTIONS,
      failures: EVERYTHING_FAILURES,
      brief: EVERYTHING_BRIEF,
      forbidden: { name: 'toggle-simulated-logging', arguments: {} },
    },
  ];
}

export function program(name: string, ...args: readonly string[]): readonly [string, ...string[]] {
  const file = join(root, 'node_modules/@modelcontextprotocol', name, 'dist/index.js');
  return [process.execPath, file, ...args];
}

const DOT =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

function filesystemFolder(folder: string): string {
  const files = join(realpathSync(folder), 'files');
  mkdirSync(join(files, 'sub'), { recursive: true });
  writeFileSync(join(files, 'notes.md'), '# Notes\n\nOne line.\n');
  writeFileSync(join(files, 'sub/deep.md'), 'deep\n');
  writeFileSync(join(files, 'dot.png'), Buffer.from(DOT, 'base64'));
  // Read after it was written, so that reading it again does not change what it is (`relatime`).
  utimesSync(join(files, 'notes.md'), new Date(), new Date('2026-01-02T03:04:05Z'));
  return files;
}
