import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The folder of the second verifier. */
export const pythonFolder = fileURLToPath(new URL('../../python/', import.meta.url));

const driver = fileURLToPath(new URL('answer.py', import.meta.url));
const NEW_ENOUGH = 'import sys; sys.exit(sys.version_info < (3, 9))';

const environment = {
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '',
  PYTHONPATH: pythonFolder,
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONIOENCODING: 'utf-8',
};

/** Whether there is a Python that the verifier runs on. */
export const hasPython = spawnSync('python3', ['-c', NEW_ENOUGH], { env: environment }).status === 0;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Python to its end. */
export async function python(...args: readonly string[]): Promise<Ended> {
  const child = spawn('python3', args, {
    cwd: pythonFolder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, stdout, stderr };
}

/** A Python that answers one request after the other. */
export class Answerer {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #last: Promise<unknown> = Promise.resolve();

  constructor() {
    this.#child = spawn('python3', [driver], { env: environment, stdio: ['pipe', 'pipe', 'inherit'] });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('no standard output');
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /** The answer to a request, after those to all before it. */
  ask(request: object): Promise<unknown> {
    const answered = this.#last.then(async () => {
      this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await this.#lines.next();
      if (done === true) throw new Error(`python ended instead of answering ${JSON.stringify(request)}`);
      return JSON.parse(value) as unknown;
    });
    this.#last = answered.catch(() => {});
    return answered;
  }

  async close(): Promise<void> {
    const ended = new Promise((done) => this.#child.once('close', done));
    this.#child.stdin?.end();
    await ended;
  }
}
