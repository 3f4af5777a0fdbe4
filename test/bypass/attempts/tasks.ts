import { type Attempt, type Expectation, firing, type Stage } from '../attempt.ts';
import type { Client } from '../door/client.ts';
import { type Door, hasSessionHeader } from '../door/door.ts';
import { isSuccess } from '../door/message.ts';
import { somebody } from './other-callers.ts';

/** The one revision that has tasks. */
const hasTasks = ({ revision }: Door): boolean => revision === '2025-11-25';

const unjudged = 'a call that goes on as a task is answered with an id, and nobody judges what comes later';
const anybodys = 'a task belongs to whoever knows its id';

const ABOUT = ['tasks/get', 'tasks/result', 'tasks/cancel'] as const;

/** Begins a permitted task, and gives the id under which its client knows it. */
async function begun(client: Client, nonce: string): Promise<string> {
  const { messages } = await client.fire(client.compose.call('open_note', { nonce }, { task: {} }));
  const task = messages.find(isSuccess)?.result?.['task'] as { readonly taskId?: string } | undefined;
  return String(task?.taskId);
}

const theirs = (whose: (stage: Stage) => Promise<Client>): Attempt['run'] => {
  return async (stage) => {
    const taskId = await begun(await whose(stage), stage.nonce);
    const { client } = stage;
    return [await client.fire(client.compose.request('tasks/result', { taskId }))];
  };
};

const ONE_AND_A_DENIAL: Partial<Expectation> = { reaches: 1, records: ['allowed', 'denied'] };

/** Calls that go on as tasks, and what is asked about them. */
export const tasks: readonly Attempt[] = [
  {
    id: 'task/of-a-forbidden-tool',
    mistake: unjudged,
    doors: hasTasks,
    run: firing((c, { nonce }) => c.call('secret_note', { nonce }, { task: { ttl: 60_000 } })),
  },
  {
    id: 'task/of-a-forbidden-target',
    mistake: unjudged,
    doors: hasTasks,
    run: firing((c, { nonce }) =>
      c.call('guarded_note', { nonce, target: 'forbidden' }, { task: { ttl: 60_000 } }),
    ),
  },
  ...ABOUT.map(
    (method): Attempt => ({
      id: `task/${method.slice('tasks/'.length)}-by-number`,
      mistake: anybodys,
      doors: hasTasks,
      run: firing((c) => c.request(method, { taskId: '0' })),
    }),
  ),
  {
    id: 'task/list-of-everybody',
    mistake: 'the list of tasks is that of the server, with those of all its clients',
    doors: hasTasks,
    run: async ({ client, accuse }) => {
      const { text } = await client.fire(client.compose.request('tasks/list'));
      if (text.includes('"taskId":"0"')) accuse('the task of somebody else was listed');
      return [];
    },
    expect: { answer: 'any', records: ['allowed'] },
  },
  {
    id: 'task/by-the-servers-id',
    mistake: 'the ids of servers are told to clients, and believed',
    doors: hasTasks,
    run: async ({ client, nonce }) => {
      await begun(client, nonce);
      return [await client.fire(client.compose.request('tasks/result', { taskId: '1' }))];
    },
    expect: ONE_AND_A_DENIAL,
  },
  {
    id: 'task/of-another-session',
    mistake: anybodys,
    doors: (door) => hasTasks(door) && hasSessionHeader(door),
    needs: ['session'],
    run: theirs(({ another }) => another()),
    expect: ONE_AND_A_DENIAL,
  },
  {
    id: 'task/of-another-caller',
    mistake: anybodys,
    doors: (door) => hasTasks(door) && hasSessionHeader(door),
    needs: ['other caller', 'session'],
    run: theirs(somebody),
    expect: ONE_AND_A_DENIAL,
  },
];
