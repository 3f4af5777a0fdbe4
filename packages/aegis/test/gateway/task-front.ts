import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import { HttpDoor, type Message, messageOf, toolCall } from './http-door.ts';
import { NamedKernel } from './named-kernel.ts';
import { type RunningTasks, tasksOverHttp } from './task-server.ts';
import { http, libraryOverHttp, type RunningServer, serverFile, startAll, stdio } from './upstreams.ts';

/** What {@link tasksBehind} has set up for the test that runs. */
export let tasks: RunningTasks;
export let catalogue: Catalogue;
export let kernel: NamedKernel;
export let door: HttpDoor;
let library: RunningServer;

/** Puts servers that run tasks, over HTTP and as a child, and one that does not behind every test of the file. */
export function tasksBehind(): void {
  beforeAll(async () => {
    [tasks, library] = await Promise.all([tasksOverHttp(), libraryOverHttp('library')]);
    catalogue = new Catalogue([
      http({ name: 'tasks', url: tasks.url, isolated: true }),
      http({ name: 'library', url: library.url }),
      stdio({ name: 'child', command: [process.execPath, serverFile('task-stdio')], isolated: true }),
    ]);
    await startAll(catalogue);
  });

  afterAll(async () => {
    await catalogue.close();
    await tasks.close();
    await library.close();
  });

  beforeEach(async () => {
    kernel = new NamedKernel({ denied: ['tasks__fail'], hidden: [] });
    door = await HttpDoor.open(catalogue, {}, kernel);
    tasks.tasks.splice(0);
    tasks.cancelled.splice(0);
    tasks.answers.splice(0);
  });

  afterEach(() => door.close());
}

export const PATH = '/s/tasks/mcp';

export async function session(path = PATH): Promise<(body: object) => Promise<Message>> {
  const { headers } = await door.send(
    {
      jsonrpc: '2.0',
      id: 0,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '0' } },
    },
    { path },
  );
  const id = headers['mcp-session-id'] as string;
  return async (body) => messageOf(await door.send(body, { path, session: id }));
}

export const asTask = (id: number, name: string, args: object = {}, task: unknown = { ttl: 60_000 }) => {
  const call = toolCall(id, name, args);
  return { ...call, params: { ...call.params, task } };
};

export const about = (id: number, method: string, params: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});

export const taskOf = ({ result }: Message) =>
  result?.['task'] as { taskId: string; ttl: number } | undefined;
