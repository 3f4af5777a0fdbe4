// Asks the real OPA (`opa` on the PATH, or OPA=<file>) what decide.rego says to the calls of test/rego, and records it.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { JsonValue } from '@aegis/core';
import { markOf, POLICY, questions, RECORDED, type RecordedAnswers } from '../test/rego/answers.ts';

const PORT = 28_181;
const ORIGIN = `http://127.0.0.1:${PORT}`;
const opa = process.env['OPA'] ?? 'opa';

const server = spawn(
  opa,
  ['run', '--server', '--addr', `127.0.0.1:${PORT}`, '--log-level', 'error', POLICY],
  {
    stdio: 'inherit',
  },
);
server.once('error', (error) => {
  process.stderr.write(`error: ${opa} cannot be started: ${error.message}\n`);
  process.exit(1);
});

async function ask(path: string, body?: object): Promise<Record<string, JsonValue>> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(ORIGIN + path, init);
  if (!response.ok) throw new Error(`OPA answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Record<string, JsonValue>;
}

async function started(): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (
      await ask('/health').then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('OPA does not come up');
}

try {
  await started();
  const { inputs, digest } = await questions();
  const answers: string[] = [];
  for (const input of inputs)
    answers.push(markOf((await ask('/v1/data/aegis/decision', { input }))['result']));
  const { result } = await ask('/v1/query?q=v%20%3D%20opa.runtime().version');
  const [first] = (result ?? []) as unknown as readonly { readonly v?: string }[];
  const recorded: RecordedAnswers = { opa: first?.v ?? 'unknown', questions: digest, answers };
  writeFileSync(RECORDED, `${JSON.stringify(recorded)}\n`);
  process.stdout.write(`${answers.length} answers of OPA ${recorded.opa}\n`);
} finally {
  server.kill();
}
