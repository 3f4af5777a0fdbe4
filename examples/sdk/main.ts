// An agent's own code, governed by a kernel in its process: what is allowed runs, what is denied does not, and
// a plan that fails half-way is taken back. Ends with 1 when anything is not as it says.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '@aegis/aegis';
import { Action, AegisRuntime, describe } from '@aegis/sdk';

const folder = mkdtempSync(join(tmpdir(), 'aegis-sdk-example-'));
writeFileSync(
  join(folder, 'policy.yaml'),
  `policies:
  - name: nothing-is-deleted
    action: deny
    when: { tool_name: delete }
    reason: this agent never deletes
  - name: the-rest
    action: allow
    mask: [email]
`,
);

const accounts = new Map([['ada', 'ada@example.org']]);
const tickets: string[] = [];

const runtime = new AegisRuntime({
  door: await openEmbedded({ policy: join(folder, 'policy.yaml'), folder }),
  executors: {
    look_up: ({ name }) => ({ mail: accounts.get(String(name)) ?? null }),
    delete: ({ name }) => accounts.delete(String(name)),
  },
  hooks: { onResult: (result) => console.log(describe(result)) },
});

try {
  const found = await runtime.runOne(new Action('look_up', 'accounts', { name: 'ada' }));
  assert(found.status === 'success');
  assert.equal(found.value['mail'], '[masked:email]');

  const deleted = await runtime.runOne(new Action('delete', 'accounts', { name: 'ada' }));
  assert(deleted.status === 'blocked');
  assert.equal(accounts.size, 1);

  const { status } = await runtime.execute([
    {
      action: new Action('open_ticket', 'desk'),
      execute: () => void tickets.push('ticket'),
      rollback: { action: new Action('close_ticket', 'desk'), execute: () => void tickets.pop() },
    },
    {
      action: new Action('send', 'mail'),
      execute: () => {
        throw new Error('the mail server is down');
      },
    },
  ]);
  assert.equal(status, 'failed');
  assert.deepEqual(tickets, []);
  console.log('the ticket was taken back');
} finally {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
}
