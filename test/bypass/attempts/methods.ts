import { type Attempt, firing } from '../attempt.ts';

const spelled = 'a method in another spelling is unknown to the guard, and known to the server';

const SPELLINGS: readonly (readonly [id: string, method: string])[] = [
  ['capitals', 'Tools/Call'],
  ['space-after', 'tools/call '],
  ['space-before', ' tools/call'],
  ['percent', 'tools%2Fcall'],
  ['zero-width', 'tools/\u200bcall'],
  ['full-width', '\uff54ools/call'],
  ['nul', 'tools/call\u0000'],
  ['slashes', 'tools//call'],
];

const unknown = 'a method that the guard does not know is passed on as it is';

const OTHERS: readonly (readonly [id: string, method: string, params?: object])[] = [
  ['of-nobody', 'canary/write'],
  ['of-the-prototype', 'constructor'],
  ['proto', '__proto__'],
  ['empty', ''],
  ['tasks', 'tasks/get', { taskId: '1' }],
  ['task-result', 'tasks/result', { taskId: '1' }],
  ['discovery', 'rpc.discover'],
  ['of-the-client', 'sampling/createMessage', { messages: [], maxTokens: 1 }],
  ['notification-as-request', 'notifications/initialized'],
];

export const methods: readonly Attempt[] = [
  ...SPELLINGS.map(
    ([id, method]): Attempt => ({
      id: `method/${id}`,
      mistake: spelled,
      // The header cannot always say what the body says, and here it says what the server would understand.
      run: firing((c, { nonce }) => ({
        ...c.request(method, { name: c.tool('secret_note'), arguments: { nonce } }),
        mirror: { method: 'tools/call', name: c.tool('secret_note') },
      })),
    }),
  ),
  ...OTHERS.map(
    ([id, method, params = {}]): Attempt => ({
      id: `method/${id}`,
      mistake: unknown,
      run: firing((c) => c.request(method, { ...params })),
    }),
  ),
  {
    id: 'method/no-text',
    mistake: unknown,
    run: firing((c, { nonce }) => {
      const shot = c.call('secret_note', { nonce });
      return { ...shot, body: shot.body.toString().replace('"tools/call"', '["tools/call"]') };
    }),
  },
];
