import { type Attempt, firing } from '../attempt.ts';

/** Calls that a gateway takes apart, or brings to several servers. */
export const composites: readonly Attempt[] = [
  {
    id: 'composite/fan-out',
    mistake: 'a call that goes to several servers is judged once, for the first of them',
    needs: ['composite', 'neighbour'],
    run: firing((c, { nonce }) => c.call('both_note', { nonce })),
    expect: { reaches: 1, answer: 'any', records: ['allowed', 'denied'] },
  },
  {
    id: 'composite/member-by-its-own-name',
    mistake: 'the members of a composite are reached by names that nobody judges',
    needs: ['composite', 'neighbour'],
    run: firing((c, { nonce }) =>
      c.request('tools/call', { name: 'neighbour__both_note', arguments: { nonce } }),
    ),
  },
  ...['call_tool', 'execute_tool', 'invoke', 'run_code', 'search_tools', 'batch'].map(
    (name): Attempt => ({
      id: `composite/${name.replace('_', '-')}`,
      mistake: 'a tool of the gateway itself calls other tools, and what it calls is not judged',
      run: firing((c, { nonce }) =>
        c.request('tools/call', {
          name,
          arguments: {
            name: c.tool('secret_note'),
            tool: c.tool('secret_note'),
            arguments: { nonce },
            code: `${c.tool('secret_note')}({})`,
            query: 'secret',
          },
        }),
      ),
    }),
  ),
];
