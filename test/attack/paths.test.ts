import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRaw, denialOf, type RawClient } from '../e2e/raw-stdio.ts';
import { createWorkspace, type Workspace } from '../e2e/workspace.ts';

let workspace: Workspace;
let client: RawClient;

beforeAll(async () => {
  workspace = await createWorkspace();
  const inside = join(workspace.folder, 'files');
  mkdirSync(join(workspace.folder, 'elsewhere/deep'), { recursive: true });
  writeFileSync(join(workspace.folder, 'elsewhere/task.md'), 'OUTSIDE');
  symlinkSync(join(workspace.folder, 'elsewhere/deep'), join(inside, 'away'));
  symlinkSync(join(workspace.folder, 'elsewhere/task.md'), join(inside, 'linked.md'));
  symlinkSync('round', join(inside, 'round'));
  client = await connectRaw(workspace.configuration);
});

afterAll(async () => {
  await client.close();
  workspace.remove();
});

describe('a path that leads out of the roots', () => {
  it.each([
    ['by a link', { path: 'linked.md' }],
    ['by a step up behind a link, as a system walks it', { path: 'away/../task.md' }],
    ['by a loop of links', { path: 'round/x' }],
    ['by steps up', { path: 'notes/../../elsewhere/task.md' }],
    ['in other case', { path: '../ELSEWHERE/task.md' }],
    ['by percent signs', { path: 'notes/%2e%2e/%2e%2e/elsewhere/task.md' }],
    ['by backslashes', { path: 'notes\\..\\..\\elsewhere\\task.md' }],
    ['behind a space', { path: ' /etc/passwd' }],
    ['behind a NUL', { path: 'task.md\0/../../elsewhere/task.md' }],
    ['beyond all length', { path: `${'a/'.repeat(4_000)}task.md` }],
    ['in a list', { path: ['task.md', '/etc/passwd'] }],
    ['in an object', { path: { toString: '/etc/passwd' } }],
    ['under another key', { path: 'task.md', file: '../elsewhere/task.md' }],
    ['home', { path: '~/.ssh/id_rsa' }],
  ])('is denied %s', async (_, args) => {
    const denial = denialOf(await client.call('read_text_file', args));
    expect(denial?.code).toMatch(/^(?:FS_DENY|GUARD_PATH|INTERNAL_ERROR)$/);
  });

  it('is denied for writing where it may be read', async () => {
    const denial = denialOf(await client.call('write_file', { path: 'task.md', content: 'x' }));
    expect(denial?.code).toBe('FS_DENY');
  });
});
