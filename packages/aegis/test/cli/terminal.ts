import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { Command, Terminal } from '../../src/cli/command.ts';
import { codeOf, ERRORS } from '@aegis/core';

/** A folder with a home and a project in it, gone after the test. */
export function createHome(): { readonly home: string; readonly project: string } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'aegis-cli-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const home = join(root, 'home');
  const project = join(home, 'project');
  mkdirSync(project, { recursive: true });
  return { home, project };
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly home: string;
  readonly cwd: string;
  readonly options?: Readonly<Record<string, string | boolean | readonly string[]>>;
  readonly positionals?: readonly string[];
  readonly rest?: readonly string[];
  /** What a person on a terminal answers; without it there is no terminal. */
  readonly answer?: string;
}

/** Runs a command in this process, on streams that can be read afterwards. */
export async function run(command: Command, given: RunOptions): Promise<Ran> {
  const { home, cwd, options = {}, positionals = [], rest, answer } = given;
  const person = answer !== undefined;
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const text = { stdout: '', stderr: '' };
  streams.stdout.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()));
  streams.stderr.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()));
  if (person) streams.stdin.end(answer);
  const terminal = {
    stdin: Object.assign(streams.stdin, { isTTY: person }),
    stdout: Object.assign(streams.stdout, { isTTY: person }),
    stderr: Object.assign(streams.stderr, { isTTY: person }),
    cwd,
    environment: { HOME: home, PATH: process.env['PATH'] },
  } as unknown as Terminal;
  const args = { options, positionals, ...(rest === undefined ? {} : { rest }) };
  let code: number;
  try {
    code = await command.run(args, terminal);
  } catch (error) {
    const known = codeOf(error);
    if (known === undefined || !(error instanceof Error)) throw error;
    code = ERRORS[known].exit;
    text.stderr += `error: ${error.message}\n${'help' in error ? String(error.help) : ''}`;
  }
  await new Promise((done) => setImmediate(done));
  return { code, ...text };
}
