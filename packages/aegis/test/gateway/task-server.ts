// The server with tasks over HTTP, on a port of its own, with sessions.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createTaskServer, type TaskWorld, taskWorld } from './servers/task-library.ts';
import { listen, stop } from './upstreams.ts';

export interface RunningTasks extends TaskWorld {
  readonly url: string;
  close(): Promise<void>;
}

export async function tasksOverHttp(): Promise<RunningTasks> {
  const world = taskWorld();
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const server = createServer(async (request, response) => {
    const id = request.headers['mcp-session-id'];
    let transport = typeof id === 'string' ? sessions.get(id) : undefined;
    if (transport === undefined) {
      const fresh = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (given) => void sessions.set(given, fresh),
      });
      await createTaskServer(world).connect(fresh as Parameters<McpServer['connect']>[0]);
      transport = fresh;
    }
    await transport.handleRequest(request, response);
  });
  const url = `${await listen(server)}/mcp`;
  return Object.assign(world, { url, close: () => stop(server) });
}
