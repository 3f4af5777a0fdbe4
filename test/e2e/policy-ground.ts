import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { aegis, connectStdio } from './aegis.ts';

const PROGRAM = fileURLToPath(new URL('./answering-server.ts', import.meta.url));

/** Of the file: where the policy lies, and a ledger of four calls that it decided. */
export let folder: string;
let configuration: string;

export const path = (name: string): string => join(folder, name);
export const write = (name: string, text: string) => writeFileSync(path(name), text);
export const read = (name: string): string => readFileSync(path(name), 'utf8');
export const command = (...args: string[]) => aegis([...args, '--config', configuration], { cwd: folder });

export const RULES = `[[policies]]
name = "reads"
action = "allow"
when = { tool_name = "read" }

[[policies]]
name = "no-deleting"
action = "deny"
when = { tool_name = "delete" }
`;

export const DRAFT = `[[policies]]
name = "asked"
action = "require_approval"
when = { tool_name = "read" }

[[policies]]
name = "deletes"
action = "allow"
when = { tool_name = "delete" }
`;

interface Line {
  readonly cause: string;
  readonly policy_digest: string;
  readonly signature?: { readonly public_key: string };
}

export async function history(): Promise<readonly Line[]> {
  const { stdout } = await command('policy', 'history', '--json');
  return (JSON.parse(stdout) as { policies: readonly Line[] }).policies;
}

export const digestNow = async (): Promise<string> =>
  /digest ([0-9a-f]{64})/.exec((await command('policy', 'check')).stdout)?.[1] ?? '';

/** Makes four calls under a policy, for all tests of the file. */
export function callsMade(): void {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aegis-history-'));
    configuration = path('aegis.toml');
    const server = JSON.stringify([process.execPath, PROGRAM, 'tools', 'read,write,delete', path('journal')]);
    write('aegis.toml', `policy = ["policy.toml"]\n[[servers]]\nname = "tools"\ncommand = ${server}\n`);
    write('policy.toml', RULES);
    write('draft.toml', DRAFT);
    const client = await connectStdio(configuration);
    for (const [name, topic] of [
      ['read', 'a'],
      ['delete', 'b'],
      ['write', 'c'],
      ['write', 'd'],
    ] as const) {
      await client.callTool({ name, arguments: { topic } });
    }
    await client.close();
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));
}
