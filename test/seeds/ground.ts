import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { COMMANDS } from '../../packages/aegis/src/cli/commands.ts';
import { type Finished, root } from '../e2e/aegis.ts';

/** A folder for one test, with files in it. */
export function openFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'aegis-printed-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Everything that is printed for another place than a test's: the only changes that are made. */
export function adapted(
  printed: string,
  { folder = '', url = '' }: { readonly folder?: string; readonly url?: string },
): string {
  return printed
    .replaceAll('http://localhost:8080', url)
    .replaceAll(/\/(?:var\/lib|etc)\/aegis\//g, `${folder}/`)
    .replaceAll('./bin/aegisd', `"${process.execPath}" "${root}packages/aegis/bin/aegisd.js"`)
    .replaceAll('npm run aegis --', `"${process.execPath}" "${root}packages/aegis/bin/aegis.js"`)
    .replace(/^\$ aegis /gm, `"${process.execPath}" "${root}packages/aegis/bin/aegis.js" `);
}

function environmentOf(folder: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '', HOME: folder, NO_COLOR: '1' };
}

/** Runs lines of a shell to their end. */
export async function shell(lines: string, folder: string): Promise<Finished> {
  const child = spawn('sh', ['-euc', lines], {
    cwd: folder,
    env: environmentOf(folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, stdout, stderr };
}

export interface Serving {
  readonly url: string;
  readonly said: () => string;
}

/** Starts a line of a shell that serves, and waits until it says where; it is ended after the test. */
export async function serve(line: string, folder: string): Promise<Serving> {
  const child = spawn('sh', ['-euc', `exec ${line}`], {
    cwd: folder,
    env: environmentOf(folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  let said = '';
  const url = await new Promise<string>((found, fail) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const address = /(http:\/\/127\.0\.0\.1:[1-9]\d*)[/,]/.exec(said)?.[1];
      if (address !== undefined) found(address);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => fail(new Error(`it ended with ${code}: ${said}`)));
  });
  return { url, said: () => said };
}

/** Whether the command line has a command. */
export function hasCommand(name: string): boolean {
  return COMMANDS.some((command) => command.name === name || command.name.startsWith(`${name} `));
}

/** Whether the repository has a file. */
export function hasFile(...names: readonly string[]): boolean {
  return names.some((name) => existsSync(join(root, name)));
}

/** What sets everything up, before it is started or tested. */
export const SET_UP = { prestart: 'node scripts/setup.mjs', pretest: 'node scripts/setup.mjs' } as const;

/** The scripts of the repository. */
export function scripts(): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
}
