import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callLine, connectRaw, denialOf, type RawClient } from '../e2e/raw-stdio.ts';
import { createWorkspace, type Workspace } from '../e2e/workspace.ts';

const KEY = 'silver/plans.csv';
const PERSONAL = 'id,email\n1,somebody@example.com\n';

let workspace: Workspace;
let client: RawClient;

beforeEach(async () => {
  workspace = await createWorkspace();
  client = await connectRaw(workspace.configuration);
});

afterEach(async () => {
  await client.close();
  workspace.remove();
});

const gold = (): string | undefined => {
  const file = join(workspace.folder, 'objects/gold/plans.csv');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};

describe('content that was never validated does not become gold', () => {
  it('when it is written in the same breath as the promotion', async () => {
    const validated = readFileSync(join(workspace.folder, 'objects', KEY), 'utf8');
    expect(denialOf(await client.call('validate_object', { key: KEY }))).toBeUndefined();
    client.sendTogether(
      callLine('promote', 'promote', { key: KEY }),
      callLine('put', 'put_object', { key: KEY, text: PERSONAL }),
    );
    const [promoted] = await Promise.all([client.answer('promote'), client.answer('put')]);
    expect([undefined, validated]).toContain(gold());
    expect(gold() === undefined).toBe(denialOf(promoted)?.code === 'PRECONDITION_FAILED');
  });

  it.each(['silver//plans.csv', './silver/plans.csv', 'silver/plans.csv ', 'silver/../silver/plans.csv'])(
    'when the receipt is shown for another spelling, %j',
    async (key) => {
      await client.call('validate_object', { key: KEY });
      expect(denialOf(await client.call('promote', { key }))?.code).toBe('PRECONDITION_FAILED');
    },
  );

  it.each([[[KEY]], [{ toString: KEY }], [null], [1]])('when its name is no text: %j', async (key) => {
    await client.call('validate_object', { key: KEY });
    expect(denialOf(await client.call('promote', { key }))?.code).toBe('PRECONDITION_FAILED');
  });

  it('when another object was validated, or another session did it', async () => {
    mkdirSync(join(workspace.folder, 'objects/silver'), { recursive: true });
    writeFileSync(join(workspace.folder, 'objects/silver/other.csv'), 'id\n1\n');
    await client.call('validate_object', { key: 'silver/other.csv' });
    expect(denialOf(await client.call('promote', { key: KEY }))?.code).toBe('PRECONDITION_FAILED');
    const other = await connectRaw(workspace.configuration);
    await other.call('validate_object', { key: KEY });
    expect(denialOf(await client.call('promote', { key: KEY }))?.code).toBe('PRECONDITION_FAILED');
    await other.close();
  });
});
