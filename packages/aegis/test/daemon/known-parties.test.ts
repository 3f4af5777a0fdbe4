import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AegisError } from '@aegis/core';
import { expect, it, onTestFinished } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { openKnownParties } from '../../src/daemon/known-parties.ts';
import { secretsOf, vaultPlaceOf } from '../../src/daemon/secrets.ts';
import type { SecretStore } from '../../src/ports.ts';
import { change, put } from '../vault/place.ts';

const TEXT = `
[vault]
key = { env = "K" }
[[agents]]
name = "coder"
token = { secret = "CODER" }
[[agents]]
name = "tester"
token = { secret = "TESTER" }
[[people]]
name = "ada"
roles = ["admin"]
token = { secret = "ADA" }
`;

async function open() {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-parties-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'aegis.toml'), TEXT);
  const { configuration, diagnostics } = await loadConfiguration(join(folder, 'aegis.toml'));
  if (configuration === undefined) throw new Error(JSON.stringify(diagnostics));
  const environment = { K: Buffer.alloc(32, 7).toString('base64') };
  const place = vaultPlaceOf(configuration, environment);
  const values = [put('TESTER', 'token-of-tester'), put('ADA', 'token-of-ada')];
  await change(place, put('CODER', 'token-of-coder'), ...values);
  const said: string[] = [];
  const state = { isRecorded: true };
  const store = secretsOf(configuration, environment);
  const secrets: SecretStore = {
    resolve: (...asked) =>
      state.isRecorded
        ? store.resolve(...asked)
        : Promise.reject(new AegisError('STORE_UNAVAILABLE', 'the ledger is away')),
  };
  const parties = await openKnownParties(configuration, secrets, undefined, (text) => void said.push(text));
  onTestFinished(() => parties.close());
  const agent = (token: string) =>
    parties.agents({ authorization: `Bearer ${token}`, certificate: undefined });
  const person = () => parties.people('Bearer token-of-ada');
  return { place, said, state, agent, person };
}

it('a token that is taken out of the vault lets nobody in, and the others stay', async () => {
  const { place, said, agent, person } = await open();
  expect([agent('token-of-coder'), person()]).toMatchObject([{ name: 'coder' }, { name: 'ada' }]);

  await change(place, { kind: 'remove', name: 'CODER' }, { kind: 'remove', name: 'ADA' });
  await expect.poll(() => agent('token-of-coder'), { timeout: 15_000 }).toBeUndefined();
  expect(person()).toBeUndefined();
  expect(agent('token-of-tester')).toMatchObject({ name: 'tester' });
  expect(said.join()).toMatch(/the token of agent `coder` is not in the vault any more/);

  await change(place, put('CODER', 'another-token'));
  await expect.poll(() => agent('another-token'), { timeout: 15_000 }).toMatchObject({ name: 'coder' });
});

it('a token that was rotated while the ledger was away is out of force when it is back', async () => {
  const { place, said, state, agent } = await open();
  state.isRecorded = false;
  await change(place, put('CODER', 'another-token'));
  await expect.poll(() => said, { timeout: 15_000 }).toEqual([expect.stringContaining('the ledger is away')]);
  expect(agent('token-of-coder')).toMatchObject({ name: 'coder' });
  state.isRecorded = true;
  await expect.poll(() => agent('another-token'), { timeout: 15_000 }).toMatchObject({ name: 'coder' });
  expect(agent('token-of-coder')).toBeUndefined();
});
