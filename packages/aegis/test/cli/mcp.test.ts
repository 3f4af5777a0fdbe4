import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteView } from '../../src/store/sqlite.ts';

const executable = fileURLToPath(new URL('../../bin/aegis.js', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-mcp-'));
  writeFileSync(join(folder, 'aegis.toml'), '[store]\ndsn = "file:aegis.db"\n');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

async function ledger(): Promise<string[]> {
  const view = openSqliteView(join(folder, 'aegis.db'));
  const types: string[] = [];
  for await (const { body, tenant } of view.entries()) {
    if (tenant !== 'aegis') types.push(JSON.parse(body).event_type);
  }
  await view.close();
  return types;
}

describe('aegis mcp', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'the end of its input'] as const)(
    'ends its session and exits with 0 on %s',
    async (how) => {
      const child = spawn(process.execPath, [executable, 'mcp'], {
        cwd: folder,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const exit = new Promise<number | null>((done) => child.once('exit', done));
      child.stdin.write(`${JSON.stringify(INITIALIZE)}\n`);
      const answer = await new Promise<Buffer>((done) => child.stdout.once('data', done));
      expect(JSON.parse(answer.toString())).toMatchObject({
        id: 1,
        result: { serverInfo: { name: 'aegis' } },
      });
      if (how === 'the end of its input') child.stdin.end();
      else child.kill(how);
      expect(await exit).toBe(0);
      expect(await ledger()).toEqual(['SESSION_STARTED', 'TERMINATION']);
    },
  );
});
