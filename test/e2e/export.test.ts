// Exports as a user runs them: real processes, killed in the middle.
import { type ChildProcess, spawn } from 'node:child_process';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../packages/aegis/src/store/sqlite.ts';
import { ended, SessionWriter, started, toolCall } from '../../packages/aegis/test/store/session-writer.ts';
import { aegis, executable } from './aegis.ts';

const EVENTS = 200_000;
const CALLS_A_SESSION = 99;

let folder: string;
let configuration: string;
let written = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-export-'));
  configuration = join(folder, 'aegis.toml');
  writeFileSync(configuration, 'mode = "enforce"\n');
  mkdirSync(join(folder, '.aegis'));
  const store = openSqliteStore(join(folder, '.aegis', 'aegis.db'), { durability: 'relaxed' });
  for (let session = 0; written < EVENTS; session++) {
    const writer = new SessionWriter(`ses_${session}`);
    const calls = Array.from({ length: CALLS_A_SESSION }, (_, i) => toolCall(`c${i}`)).flat();
    const request = writer.seal(started, ...calls, ended);
    written += request.entries.length;
    await store.append(request);
  }
  await store.close();
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function exporting(format: string, file: string): ChildProcess {
  const args = [executable, 'export', '--format', format, '--out', file, '--config', configuration];
  return spawn(process.execPath, args, { stdio: 'ignore' });
}

/** Kills an export as soon as its file has so many bytes; whether it was still at work. */
async function killedAt(bytes: number, format: string, file: string): Promise<boolean> {
  const child = exporting(format, file);
  const ended = new Promise<NodeJS.Signals | null>((done) => child.once('exit', (_, signal) => done(signal)));
  while (child.exitCode === null && (existsSync(file) ? statSync(file).size : 0) < bytes) await setTimeout(1);
  child.kill('SIGKILL');
  return (await ended) === 'SIGKILL';
}

describe('an export', () => {
  it('of 200,000 events that is killed three times is complete and without doubles', {
    timeout: 120_000,
  }, async () => {
    const file = join(folder, 'killed.ndjson');
    for (const megabytes of [15, 40, 70]) {
      expect(await killedAt(megabytes * 1_000_000, 'ndjson', file)).toBe(true);
    }
    const { code, stderr } = await aegis(['export', '--format', 'ndjson', '-o', file, '-c', configuration]);
    expect(code, stderr).toBe(0);
    let position = 0;
    for await (const line of createInterface({ input: createReadStream(file) })) {
      position += 1;
      if (!line.startsWith(`{"position":${position},"hash":"`)) expect(line).toBe(`event ${position}`);
    }
    expect(position).toBe(written);
  });

  it('as spans that is killed is the same, byte by byte, as one that is not', {
    timeout: 120_000,
  }, async () => {
    const [killed, whole] = [join(folder, 'killed.spans'), join(folder, 'whole.spans')];
    expect(await killedAt(5_000_000, 'spans', killed)).toBe(true);
    for (const file of [killed, whole]) {
      expect((await aegis(['export', '--format', 'spans', '-o', file, '-c', configuration])).code).toBe(0);
    }
    expect(readFileSync(killed).equals(readFileSync(whole))).toBe(true);
  });

  it('says how much it wrote, and takes no place that is of another kind', async () => {
    const file = join(folder, 'part.cef');
    const args = ['export', '--format', 'cef', '-o', file, '-c', configuration, '--to', '2000-01-01'];
    expect((await aegis(args)).stderr).toBe(`exported 0 events to ${file}, up to position 0\n`);
    expect((await aegis([...args, '--tenant', 'acme'])).stderr).toContain('is the place of another export');
  });

  it('does not write into a file that is none of its own', async () => {
    const file = join(folder, 'mine.txt');
    writeFileSync(file, 'mine\n');
    const { code, stderr } = await aegis(['export', '--format', 'jsonl', '-o', file, '-c', configuration]);
    expect(code).toBe(5);
    expect(stderr).toContain('which goes with it, is not');
    expect(readFileSync(file, 'utf8')).toBe('mine\n');
  });

  it('to standard output ends quietly when nobody reads on', async () => {
    const child = spawn(process.execPath, [executable, 'export', '--format', 'jsonl', '-c', configuration], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    await new Promise((done) => child.once('close', done));
    expect(stderr).toBe('');
  });
});
