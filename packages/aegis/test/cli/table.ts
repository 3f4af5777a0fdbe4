import { PassThrough } from 'node:stream';
import type { Terminal } from '../../src/cli/command.ts';
import { dispatch } from '../../src/cli/main.ts';

/** Commands that serve, follow, or wait for a person, until they are stopped. */
export const SERVING = ['start', 'mcp', 'daemon', 'witness', 'approvals watch', 'login'] as const;

/** Commands whose output is a document, a script or a protocol of its own: they take no `--json`. */
export const DOCUMENTS = [
  'mcp',
  'policy schema',
  'policy bundle',
  'decide',
  'manifest generate',
  'export',
  'completion',
] as const;

export interface Told {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, without a terminal, as `main` would. */
export async function commandLine(argv: readonly string[], cwd: string, home = cwd): Promise<Told> {
  const text = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') =>
    new PassThrough().on('data', (chunk: Buffer) => (text[name] += chunk.toString()));
  const terminal = {
    stdin: new PassThrough().end(),
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    cwd,
    environment: { HOME: home, PATH: process.env['PATH'], NO_COLOR: '1' },
  } as unknown as Terminal;
  const code = await dispatch(argv, terminal);
  await new Promise((done) => setImmediate(done));
  return { code, ...text };
}

/** What stands on standard output, one value a line. Throws where a line is no JSON. */
export function jsonLines(stdout: string): readonly unknown[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}
