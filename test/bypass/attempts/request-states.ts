import { type Attempt, firing, type Stage } from '../attempt.ts';
import { isStateless } from '../door/door.ts';
import { isSuccess, type Outcome } from '../door/message.ts';

/** A call whose server wants to be asked again, and has said nothing but a state. */
async function begun({
  client,
  nonce,
}: Stage): Promise<{ readonly outcome: Outcome; readonly state: string }> {
  const outcome = await client.fire(client.compose.call('later_note', { nonce, ask: 'state' }));
  return { outcome, state: String(outcome.messages.find(isSuccess)?.result?.['requestState']) };
}

/** What travels through the client between two rounds of a call. */
export const requestStates: readonly Attempt[] = [
  {
    id: 'request-state/invented',
    mistake: 'a state that the client made up skips the first round, and what is judged in it',
    doors: isStateless,
    needs: ['neighbour'],
    run: firing((c, { nonce }) => [
      c.call('later_note', { nonce, ask: 'sampling' }, { requestState: `canary-state-${nonce}` }),
      c.call('later_note', { nonce, ask: 'sampling' }, { requestState: '' }),
    ]),
    expect: { records: ['denied', 'denied'] },
  },
  {
    id: 'request-state/no-text',
    harmless: true,
    mistake: 'a state that is no text is passed on unread',
    doors: isStateless,
    needs: ['neighbour'],
    run: firing((c, { nonce }) => c.call('later_note', { nonce, ask: 'state' }, { requestState: { nonce } })),
  },
  {
    id: 'request-state/used-twice',
    mistake: 'what a person agreed to once is done as often as the state is sent',
    doors: isStateless,
    needs: ['neighbour'],
    run: async (stage) => {
      const { client, nonce, accuse } = stage;
      const { state } = await begun(stage);
      const again = (): Promise<Outcome> =>
        client.fire(client.compose.call('later_note', { nonce, ask: 'state' }, { requestState: state }));
      if (!(await again()).messages.some(isSuccess)) accuse('the first use of the state was refused');
      return [await again(), await again()];
    },
    expect: { reaches: 1, records: ['allowed', 'allowed', 'denied', 'denied'] },
  },
  {
    id: 'request-state/for-another-call',
    harmless: true,
    mistake: 'a state of a permitted call is brought with a forbidden one',
    doors: isStateless,
    needs: ['neighbour'],
    run: async (stage) => {
      const { client, nonce } = stage;
      const { state } = await begun(stage);
      const { compose } = client;
      return [
        await client.fire(compose.call('secret_neighbour', { nonce }, { requestState: state })),
        await client.fire(
          compose.call('later_note', { nonce: `${nonce}-other`, ask: 'state' }, { requestState: state }),
        ),
        await client.fire(compose.call('plain_note', { nonce }, { requestState: state })),
      ];
    },
    expect: { records: ['allowed', 'denied', 'denied', 'denied'] },
  },
  {
    id: 'request-state/changed',
    harmless: true,
    mistake: 'a state is not sealed, and the client changes what it says',
    doors: isStateless,
    needs: ['neighbour'],
    run: async (stage) => {
      const { client, nonce } = stage;
      const { state } = await begun(stage);
      const other = state.startsWith('A') ? 'B' : 'A';
      const changed = [`${other}${state.slice(1)}`, `${state}A`, state.slice(0, -4), `${state}=`];
      const outcomes: Outcome[] = [];
      for (const requestState of changed) {
        outcomes.push(
          await client.fire(client.compose.call('later_note', { nonce, ask: 'state' }, { requestState })),
        );
      }
      return outcomes;
    },
    expect: { records: ['allowed', 'denied', 'denied', 'denied', 'denied'] },
  },
];
