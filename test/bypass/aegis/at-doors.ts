import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aegis, type Daemon, executable, startDaemon } from '../../e2e/aegis.ts';
import { openCallsIn } from '../../e2e/ledger.ts';
import { type Attempt, type Decision, expectationOf, type Need } from '../attempt.ts';
import { ATTEMPTS } from '../attempts.ts';
import { type Door, isHttp, nameOf } from '../door/door.ts';
import { Ground } from '../ground.ts';
import { make } from '../make.ts';
import type { Backend } from './configuration.ts';
import { openRecords, type Records } from './records.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

/** What Aegis has at every door, and what only a door over the network has. */
const ON_NETWORK: ReadonlySet<Need> = new Set(['token', 'other caller', 'session']);

/** Every attempt at each of these doors of one daemon, with servers that are reached in one way: a test for each. */
export function attemptsOverNetwork(doors: readonly Door[], backend: Backend['kind']): void {
  describe(`a daemon with servers over ${backend}`, () => {
    let workspace: Workspace;
    let daemon: Daemon;

    beforeAll(async () => {
      workspace = await createWorkspace(backend);
      daemon = await startDaemon(workspace.configuration);
    });

    afterAll(async () => {
      await daemon.stop();
      await verified(workspace);
      await workspace.close();
    });

    describe.each(named(doors))('%s', (_, door) => {
      atDoor(door, () => {
        const url = new URL(daemon.url);
        const { token, otherToken } = workspace;
        return { workspace, gateway: { url, sseUrl: new URL('/sse', url), token, otherToken } };
      });
    });
  });
}

/** The same for clients on the standard streams of `aegis mcp`, a process for each door. */
export function attemptsOverStreams(doors: readonly Door[], backend: Backend['kind']): void {
  describe(`standard streams with servers over ${backend}`, () => {
    let workspace: Workspace;

    beforeAll(async () => {
      workspace = await createWorkspace(backend);
    });

    afterAll(async () => {
      await verified(workspace);
      await workspace.close();
    });

    describe.each(named(doors))('%s', (_, door) => {
      atDoor(door, () => {
        const { configuration } = workspace;
        return {
          workspace,
          gateway: { command: [process.execPath, executable, 'mcp', '--config', configuration] },
        };
      });
    });
  });
}

function named(doors: readonly Door[]): readonly (readonly [string, Door])[] {
  return doors.map((door) => [nameOf(door), door]);
}

function atDoor(door: Door, find: () => { workspace: Workspace; gateway: Ground['gateway'] }): void {
  let ground: Ground;
  let records: Records;

  beforeAll(async () => {
    const { workspace, gateway } = find();
    ground = new Ground(gateway, door, workspace.journal);
    expect(await ground.open()).toBeUndefined();
    records = openRecords(workspace.ledger);
  });

  afterAll(async () => {
    await ground.close();
    records.close();
  });

  const possible = ATTEMPTS.filter(
    ({ doors, needs = [] }) =>
      doors?.(door) !== false && (isHttp(door) || !needs.some((need) => ON_NETWORK.has(need))),
  );

  it.each(possible.map((attempt) => [attempt.id, attempt] as const))('%s', async (_, attempt) => {
    const { found, wanted } = await made(ground, records, attempt);
    expect(found, `${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`).toEqual(wanted);
  });
}

interface Seen {
  readonly faults: readonly string[];
  readonly reached: number;
  readonly recorded: readonly Decision[];
}

/** What came of an attempt, and what is to come of it. */
async function made(
  ground: Ground,
  records: Records,
  attempt: Attempt,
): Promise<{ readonly found: Seen; readonly wanted: Seen }> {
  for (const need of attempt.needs ?? []) expect(ground.offers).toContain(need);
  records.next();
  const { bypasses, laxities, reached, probes } = await make(ground, attempt);
  const recorded = records.next().toSorted();
  const { reaches, records: decisions } = expectationOf(attempt, ground.door);
  const probed = Array.from({ length: probes }, () => 'allowed' as const);
  return {
    found: { faults: [...bypasses, ...laxities], reached, recorded },
    wanted: { faults: [], reached: reaches, recorded: [...decisions, ...probed].toSorted() },
  };
}

async function verified({ configuration, ledger }: Workspace): Promise<void> {
  expect(openCallsIn(ledger)).toEqual([]);
  const { code, stdout, stderr } = await aegis(['verify-ledger', '--config', configuration]);
  expect(`${code} ${stdout}${stderr}`).toMatch(/^0 /);
}
