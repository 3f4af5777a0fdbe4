import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHostileWorkspace, type HostileWorkspace } from '../e2e/hostile-workspace.ts';
import { eventsIn } from '../e2e/ledger.ts';
import { type Answer, connectRaw, type RawClient } from '../e2e/raw-stdio.ts';

let workspace: HostileWorkspace;
let client: RawClient;
let reads = 0;

beforeAll(async () => {
  workspace = createHostileWorkspace({
    manifest: 'server: hostile\nfs: { read_roots: [./open], write_roots: [] }\ntools: {}\n',
  });
  writeFileSync(join(workspace.folder, 'outside.txt'), 'OUTSIDE');
  writeFileSync(join(workspace.folder, 'open/inside.txt'), 'INSIDE');
  client = await connectRaw(workspace.configuration);
});

afterAll(async () => {
  await client.close();
  workspace.remove();
});

async function read(uri: string): Promise<Answer> {
  const id = `read-${++reads}`;
  client.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'resources/read', params: { uri } }));
  return client.answer(id);
}

describe('a resource outside the roots', () => {
  it('is told from one inside them', async () => {
    const answer = await read(`file://${workspace.folder}/open/inside.txt`);
    expect(answer.result?.contents?.[0]?.text).toBe('INSIDE');
  });

  it.each([
    ['as it is', (folder: string) => `file://${folder}/outside.txt`],
    ['in capitals', (folder: string) => `FILE://${folder}/outside.txt`],
    ['behind a space', (folder: string) => ` file://${folder}/outside.txt`],
    ['behind a control character', (folder: string) => `\u0001file://${folder}/outside.txt`],
    ['behind a space that is not ASCII', (folder: string) => `\u00a0file://${folder}/outside.txt`],
    ['with a tab in its scheme', (folder: string) => `fi\tle://${folder}/outside.txt`],
    ['with a tab in a step up', (folder: string) => `file://${folder}/open/.\t./outside.txt`],
    ['with a line break in a step up', (folder: string) => `file://${folder}/open/.\n./outside.txt`],
    ['by an encoded step up', (folder: string) => `file://${folder}/open/%2e%2e/outside.txt`],
    ['by an encoded slash', (folder: string) => `file://${folder}/open/..%2foutside.txt`],
    ['behind a query', (folder: string) => `file://${folder}/open/x?/../../outside.txt`],
    ['behind a fragment', (folder: string) => `file://${folder}/open/x#/../../outside.txt`],
  ])('is not read %s', async (_, uri) => {
    const answer = await read(uri(workspace.folder));
    expect(JSON.stringify(answer)).not.toContain('OUTSIDE');
    expect(answer.error?.data?.code).toMatch(/^(?:FS_DENY|GUARD_PATH)$/);
  });

  it('leaves a record however long its name is', async () => {
    const denied = (): number =>
      eventsIn(workspace.ledger).filter(({ type }) => type === 'ACCESS_DENIED').length;
    const before = denied();
    await read(`file:///${'x'.repeat(3_000_000)}`);
    expect(denied()).toBe(before + 1);
  });
});
