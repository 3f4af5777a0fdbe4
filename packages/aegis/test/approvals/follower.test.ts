import { expect, it } from 'vitest';
import { ApprovalFollower, type FollowerPorts } from '../../src/approvals/follower.ts';
import { sha256 } from '../../src/platform.ts';
import { createHarness } from '../enforce/harness.ts';

it('a follower has caught up when it has what was there, however much others go on to write', async () => {
  const harness = await createHarness();
  const { store, clock } = harness;
  const session = await harness.open();
  let asked = 0;
  const growing: FollowerPorts['store'] = {
    entries: (options) => store.entries(options),
    blob: (hash, position) => store.blob(hash, position),
    async ofTypes(types, after) {
      const found = await store.ofTypes(types, after);
      if (++asked < 20) await harness.call(session, 'slow', { n: asked });
      return found;
    },
  };
  await new ApprovalFollower({ store: growing, clock, sha256, mac: sha256 }).refresh();
  expect(asked).toBe(1);
});
