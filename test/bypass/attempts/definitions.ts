import type { Attempt } from '../attempt.ts';
import { isSuccess } from '../door/message.ts';

const POLL_MS = 40;

/** A server that becomes another one after it was accepted. */
export const definitions: readonly Attempt[] = [
  {
    id: 'definition/changed',
    mistake:
      'a definition is compared at start, or never, and a changed tool is shown and called as if it were the old one',
    run: async ({ client, nonce, accuse }) => {
      const { compose } = client;
      const call = (part: string, tool: string, odd?: string): ReturnType<typeof client.fire> =>
        client.fire(compose.call(tool, { nonce: `${nonce}-${part}`, ...(odd === undefined ? {} : { odd }) }));
      const settles = async (shown: boolean): Promise<boolean> => {
        for (let left = 50; left > 0; left--) {
          if ((await isShown(client, compose.tool('changing_note'))) === shown) return true;
          await new Promise((done) => setTimeout(done, POLL_MS));
        }
        return false;
      };
      if (!(await call('before', 'changing_note')).messages.some(isSuccess))
        accuse('the tool was not permitted before');
      await call('change', 'odd_note', 'change');
      await settles(false);
      const changed = await call('changed', 'changing_note');
      await call('restore', 'odd_note', 'restore');
      if (!(await settles(true))) accuse('the tool does not come back with its accepted definition');
      return [changed];
    },
    expect: { reaches: 3, records: ['allowed', 'allowed', 'denied', 'allowed'] },
  },
];

async function isShown(client: Parameters<Attempt['run']>[0]['client'], name: string): Promise<boolean> {
  const { messages } = await client.fire(client.compose.request('tools/list'));
  return JSON.stringify(messages).includes(`"${name}"`);
}
