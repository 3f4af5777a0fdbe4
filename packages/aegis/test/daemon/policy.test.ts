import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AegisError } from '@aegis/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { PolicyInForce } from '../../src/daemon/policy.ts';
import type { Ruleset } from '../../src/enforce/ruleset.ts';
import { createIds, sha256, systemClock, utf8 } from '../../src/platform.ts';
import type { AppendRequest, EventStore } from '../../src/ports.ts';
import { createMemoryStore } from '../../src/store/memory.ts';

let folder: string;
let policy: PolicyInForce;
let said: string[];
/** Whether the store takes anything. */
let working: boolean;
let store: EventStore;

const rule = (name: string): string => `[[policies]]\nname = "${name}"\naction = "allow"\n`;
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const names = ({ policy: { rules } }: Ruleset): readonly string[] => rules.map(({ name }) => name);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-in-force-'));
  said = [];
  working = true;
  write('aegis.toml', 'policy = ["policy.toml"]\n');
  write('policy.toml', rule('first'));
  const { configuration } = await loadConfiguration(join(folder, 'aegis.toml'));
  if (configuration === undefined) throw new Error('the configuration does not load');
  policy = await PolicyInForce.open(configuration);
  const memory = createMemoryStore();
  store = {
    ...memory,
    append: (request: AppendRequest) =>
      working
        ? memory.append(request)
        : Promise.reject(new AegisError('STORE_UNAVAILABLE', 'the disk is full')),
  };
  const ports = { clock: systemClock, ids: createIds(systemClock), store, sha256, utf8 };
  await policy.follow({ ports, say: (line) => void said.push(line) });
});

afterEach(async () => {
  await policy.close('the test is over');
  rmSync(folder, { recursive: true, force: true });
});

async function types(): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { body } of store.entries()) found.push(String(JSON.parse(body).event_type));
  return found.filter((type) => type !== 'SESSION_STARTED');
}

describe('a policy in force', () => {
  it('is replaced as a whole, when everything for the next one is ready', async () => {
    const prepared: (readonly string[])[] = [];
    let changed = 0;
    policy.prepare = (rules) => {
      prepared.push(names(rules));
      expect(names(policy.rules)).toEqual(['first']);
      return Promise.resolve();
    };
    policy.changed = () => void changed++;
    const before = policy.rules;
    write('policy.toml', rule('second'));
    await policy.reload();
    expect([names(before), names(policy.rules), prepared, changed]).toEqual([
      ['first'],
      ['second'],
      [['second']],
      1,
    ]);
    await policy.reload();
    expect(changed).toBe(1);
    expect(await types()).toEqual(['POLICY_ACTIVATED', 'POLICY_ACTIVATED']);
  });

  it('is not replaced by one that cannot be recorded, and is once it can', async () => {
    working = false;
    write('policy.toml', rule('second'));
    await policy.reload();
    expect([names(policy.rules), policy.problem]).toEqual([['first'], 'the disk is full']);
    expect(said.join('\n')).toContain('stays in force');
    working = true;
    // It is tried again by itself.
    await expect.poll(() => names(policy.rules), { timeout: 20_000 }).toEqual(['second']);
    expect(policy.problem).toBeUndefined();
  });

  it('says and records a mistake once, however often it is looked at', async () => {
    write('policy.toml', '[[policies]]\nname = "x"\n');
    for (let n = 0; n < 3; n++) await policy.reload();
    expect(said.filter((line) => line.includes('a rule needs `action`'))).toHaveLength(1);
    expect(await types()).toEqual(['POLICY_ACTIVATED', 'ERROR_RAISED']);
    write('policy.toml', rule('first'));
    await policy.reload();
    expect([policy.problem, await types()]).toEqual([undefined, ['POLICY_ACTIVATED', 'ERROR_RAISED']]);
  });

  it('stays when its file is gone, and when the configuration is', async () => {
    rmSync(join(folder, 'policy.toml'));
    await policy.reload();
    expect(policy.problem).toContain('ENOENT');
    rmSync(join(folder, 'aegis.toml'));
    await policy.reload();
    expect([names(policy.rules), policy.problem]).toEqual([['first'], expect.stringContaining('aegis.toml')]);
  });

  it('keeps the keys that it started with: a file cannot name whose word it is', async () => {
    const { configuration } = await loadConfiguration(join(folder, 'aegis.toml'));
    if (configuration === undefined) throw new Error('the configuration does not load');
    const trust = { mode: 'prod', keys: [] } as const;
    const strict = await PolicyInForce.open({ ...configuration, trust });
    const ports = {
      clock: systemClock,
      ids: createIds(systemClock),
      store: createMemoryStore(),
      sha256,
      utf8,
    };
    await strict.follow({ ports, say: (line) => void said.push(line) });
    write('aegis.toml', 'trust_mode = "dev"\npolicy = ["policy.toml"]\n');
    write('policy.toml', rule('second'));
    await strict.reload();
    expect(names(strict.rules)).toEqual(['first']);
    expect(strict.problem).toContain('not signed');
    await strict.close('done');
  });
});
