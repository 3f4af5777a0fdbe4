// A server whose tools can be called as tasks (MCP 2025-11-25), built with the official library.
import {
  type CreateTaskRequestHandlerExtra,
  InMemoryTaskMessageQueue,
  InMemoryTaskStore,
} from '@modelcontextprotocol/sdk/experimental/tasks';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { type CallToolResult, ElicitResultSchema, type Task } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

/** What the server was made to do. */
export interface TaskWorld {
  /** The tasks of all sessions, in the order of their creation. */
  readonly tasks: Task[];
  /** The ids of those that were cancelled. */
  readonly cancelled: string[];
  /** How often a status was asked for. */
  polls: number;
  /** What clients answered. */
  readonly answers: unknown[];
}

export function taskWorld(): TaskWorld {
  return { tasks: [], cancelled: [], polls: 0, answers: [] };
}

class WatchedStore extends InMemoryTaskStore {
  readonly #world: TaskWorld;

  constructor(world: TaskWorld) {
    super();
    this.#world = world;
  }

  override async createTask(...given: Parameters<InMemoryTaskStore['createTask']>): Promise<Task> {
    const task = await super.createTask(...given);
    this.#world.tasks.push(task);
    return task;
  }

  override getTask(...given: Parameters<InMemoryTaskStore['getTask']>): Promise<Task | null> {
    this.#world.polls++;
    return super.getTask(...given);
  }

  override updateTaskStatus(...given: Parameters<InMemoryTaskStore['updateTaskStatus']>): Promise<void> {
    const [id, status] = given;
    if (status === 'cancelled') this.#world.cancelled.push(id);
    return super.updateTaskStatus(...given);
  }
}

const text = (value: string): CallToolResult => ({ content: [{ type: 'text', text: value }] });

type Work = (
  args: Readonly<Record<string, string>>,
  task: Task,
  extra: CreateTaskRequestHandlerExtra,
) => Promise<CallToolResult | undefined>;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function createTaskServer(world: TaskWorld): McpServer {
  const server = new McpServer(
    { name: 'tasks', version: '1.0.0' },
    {
      capabilities: { tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } },
      taskStore: new WatchedStore(world),
      taskMessageQueue: new InMemoryTaskMessageQueue(),
    },
  );
  const inputSchema = { text: z.string().optional(), ms: z.string().optional() };
  const tool = (name: string, taskSupport: 'optional' | 'required', work: Work): void => {
    server.experimental.tasks.registerToolTask(
      name,
      { description: name, inputSchema, execution: { taskSupport } },
      {
        createTask: async (args, extra) => {
          const given = args as Readonly<Record<string, string>>;
          const ttl = extra.taskRequestedTtl ?? null;
          const task = await extra.taskStore.createTask({ ttl, pollInterval: 50 });
          void (async () => {
            const result = await work(given, task, extra).catch((error: unknown) => ({
              ...text(String(error)),
              isError: true,
            }));
            if (result === undefined) return;
            const status = 'isError' in result && result.isError === true ? 'failed' : 'completed';
            await extra.taskStore.storeTaskResult(task.taskId, status, result).catch(() => {});
          })();
          return { task };
        },
        getTask: async (_, extra) => extra.taskStore.getTask(extra.taskId),
        getTaskResult: async (_, extra) =>
          (await extra.taskStore.getTaskResult(extra.taskId)) as CallToolResult,
      },
    );
  };
  tool('work', 'optional', async ({ text: value = 'done', ms = '0' }) => {
    await sleep(Number(ms));
    return text(value);
  });
  tool('must', 'required', async ({ text: value = 'done' }) => text(value));
  tool('fail', 'optional', async () => ({ ...text('it failed'), isError: true }));
  tool('never', 'optional', () => Promise.resolve(undefined));
  tool('hint', 'optional', async ({ text: value = '' }, { taskId }, { taskStore }) => {
    await taskStore.updateTaskStatus(taskId, 'working', value);
    await sleep(600);
    return text('done');
  });
  tool('ask', 'optional', async (_, { taskId }, { taskStore }) => {
    await taskStore.updateTaskStatus(taskId, 'input_required');
    const params = {
      message: `for ${taskId}`,
      requestedSchema: { type: 'object' as const, properties: { ok: { type: 'boolean' as const } } },
    };
    const related = { relatedTask: { taskId } };
    const answer = await server.server.request(
      { method: 'elicitation/create', params },
      ElicitResultSchema,
      related,
    );
    world.answers.push(answer);
    await taskStore.updateTaskStatus(taskId, 'working');
    return text(answer.action);
  });
  server.registerTool('plain', { inputSchema }, async ({ text: value = 'plain' }) => text(value));
  return server;
}
