import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('the example of the SDK does what it says', async () => {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [
      '--conditions=@aegis/source',
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, 'main.ts'),
    ],
    { env: { PATH: process.env['PATH'], HOME: process.env['HOME'] } },
  );
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n')).toEqual([
    'look_up accounts: done',
    'delete accounts: blocked: this agent never deletes (POLICY_DENY)',
    'open_ticket desk: done',
    'send mail: failed: the mail server is down',
    'close_ticket desk: done',
    'the ticket was taken back',
  ]);
});
