import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventsIn } from './ledger.ts';

export const TOKEN = 'routes-test-token';

const PREAMBLE = `[daemon]
addr = "127.0.0.1:0"
[limits]
max_steps = 1000
max_tool_calls = 1000
max_identical_calls = 64
timeout_ms = 2000
[[agents]]
name = "caller"
token = { file = ".aegis/token" }
`;

export interface Folder {
  readonly path: string;
  readonly journal: string;
  readonly ledger: string;
}

export function createFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'aegis-routes-'));
  mkdirSync(join(path, '.aegis'), { mode: 0o700 });
  writeFileSync(join(path, '.aegis/token'), TOKEN, { mode: 0o600 });
  return { path, journal: join(path, 'journal'), ledger: join(path, '.aegis/aegis.db') };
}

export function configure({ path }: Folder, name: string, text: string): string {
  const file = join(path, name);
  writeFileSync(file, PREAMBLE + text);
  return file;
}

/** What was really run since the last time, in order of name. */
export function ran({ journal }: Folder): string[] {
  if (!existsSync(journal)) return [];
  const lines = readFileSync(journal, 'utf8').trim().split('\n');
  writeFileSync(journal, '');
  return lines.filter((line) => line !== '').toSorted();
}

/** Of every call, by server: what was asked, how many decisions it had, and how it ended. */
export function callsIn({
  ledger,
}: Folder): readonly { server: string; tool: string; decisions: number; ends: string[] }[] {
  const calls = new Map<unknown, { server: string; tool: string; decisions: number; ends: string[] }>();
  for (const { type, payload } of eventsIn(ledger)) {
    const id = payload['call_id'];
    if (type === 'TOOL_CALL_PROPOSED') {
      const [server, tool] = [String(payload['server']), String(payload['tool_name'])];
      calls.set(id, { server, tool, decisions: 0, ends: [] });
    }
    const call = calls.get(id);
    if (type === 'POLICY_DECISION' && call !== undefined) call.decisions++;
    if (type === 'TOOL_RESULT') call?.ends.push(String(payload['outcome']));
    if (type === 'TOOL_CALL_DENIED') call?.ends.push('denied');
  }
  return [...calls.values()];
}

export const text = (value: string) => ({ type: 'text', text: value });
