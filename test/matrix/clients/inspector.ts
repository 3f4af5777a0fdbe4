import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { bareEnvironment, only, type StockClient, type Target } from '../client.ts';
import type { Answer, Question } from '../question.ts';

const require = createRequire(import.meta.url);
const PROGRAM = require.resolve('@modelcontextprotocol/inspector-cli/build/index.js');

/** `mcp-inspector-cli`: one process, one session and one request for each question. */
export const inspector: StockClient = {
  name: 'Inspector over http',
  door: 'http',
  era: 'legacy',
  brief: true,
  asks: [],
  connect: async (target) => ({
    can: only([
      'tools/list',
      'tools/call',
      'resources/list',
      'resources/templates/list',
      'resources/read',
      'prompts/list',
      'prompts/get',
      'logging/setLevel',
    ]),
    ask: (question) => run(target, question),
    close: () => Promise.resolve(),
  }),
};

async function run(target: Target, question: Question): Promise<Answer> {
  const environment = target.kind === 'program' ? target.environment : {};
  const child = spawn(
    process.execPath,
    [PROGRAM, ...placeOf(target), ...optionsOf(question), ...headersOf(target)],
    {
      // It looks for its own package from where it runs.
      cwd: dirname(PROGRAM),
      env: bareEnvironment(environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return code === 0 ? { result: JSON.parse(stdout) } : { error: { message: stderr.trim() } };
}

function placeOf(target: Target): readonly string[] {
  return target.kind === 'program' ? target.command : [target.url];
}

function headersOf(target: Target): readonly string[] {
  return target.kind === 'url' && target.token !== undefined
    ? ['--header', `Authorization: Bearer ${target.token}`]
    : [];
}

function optionsOf(question: Question): readonly string[] {
  const method = ['--method', question.method];
  switch (question.method) {
    case 'tools/call':
      return [...method, '--tool-name', question.name, ...pairs('--tool-arg', question.arguments)];
    case 'resources/read':
      return [...method, '--uri', question.uri];
    case 'prompts/get':
      return [...method, '--prompt-name', question.name, ...pairs('--prompt-args', question.arguments)];
    case 'logging/setLevel':
      return [...method, '--log-level', question.level];
    default:
      return method;
  }
}

function pairs(option: string, values: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => [
    option,
    `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  ]);
}
