// A server with sessions that asks its client, built with the official library of that era.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { SubscribeRequestSchema, UnsubscribeRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { listen, stop } from '../upstreams.ts';

export interface AskingLibrary {
  readonly url: string;
  /** How often each tool was run. */
  readonly runs: Map<string, number>;
  /** How many sessions were opened. */
  sessions: number;
  /** Calls that were cancelled while they ran. */
  cancelled: number;
  /** What the client answered, in order. */
  readonly answers: unknown[];
  close(): Promise<void>;
}

export async function askingLibrary(): Promise<AskingLibrary> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const seen: AskingLibrary = {
    url: '',
    runs: new Map(),
    sessions: 0,
    cancelled: 0,
    answers: [],
    close: () => stop(server),
  };
  const server = createServer(async (request, response) => {
    const id = request.headers['mcp-session-id'];
    let transport = typeof id === 'string' ? sessions.get(id) : undefined;
    if (transport === undefined) {
      const fresh = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (given) => void sessions.set(given, fresh),
      });
      seen.sessions++;
      await createAsking(seen).connect(fresh as Parameters<McpServer['connect']>[0]);
      transport = fresh;
    }
    await transport.handleRequest(request, response);
  });
  return Object.assign(seen, { url: `${await listen(server)}/mcp` });
}

const FORM = {
  message: 'Really?',
  requestedSchema: { type: 'object' as const, properties: { ok: { type: 'boolean' as const } } },
};

function createAsking(seen: AskingLibrary): McpServer {
  const server = new McpServer({ name: 'asking', version: '1.0.0' });
  const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });
  const ran = (tool: string): void => void seen.runs.set(tool, (seen.runs.get(tool) ?? 0) + 1);
  const elicit = async (
    relatedRequestId: string | number,
    message = FORM.message,
    timeout = 60_000,
  ): Promise<string> => {
    const answer = await server.server.elicitInput({ ...FORM, message }, { relatedRequestId, timeout }).then(
      (result) => JSON.stringify(result),
      (error: Error) => `no answer: ${error.message}`,
    );
    seen.answers.push(answer);
    return answer;
  };
  server.registerTool('confirm', {}, async ({ requestId }) => {
    ran('confirm');
    return text(await elicit(requestId));
  });
  server.registerTool('confirm-briefly', {}, async ({ requestId }) =>
    text(await elicit(requestId, 'Quick?', 150)),
  );
  server.registerTool('confirm-twice', {}, async ({ requestId }) => {
    ran('confirm-twice');
    return text([await elicit(requestId, 'First?'), await elicit(requestId, 'Second?')].join(' and '));
  });
  server.registerTool('confirm-both', {}, async ({ requestId }) => {
    ran('confirm-both');
    const both = await Promise.all([elicit(requestId, 'This?'), elicit(requestId, 'That?')]);
    return text(both.join(' and '));
  });
  server.registerTool('confirm-and-work', {}, async ({ requestId, signal }) => {
    await elicit(requestId);
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => {
        seen.cancelled++;
        resolve();
      });
    });
    return text('nobody waits for this');
  });
  server.registerTool('sample', {}, async ({ requestId }) => {
    const answer = await server.server
      .createMessage({ messages: [], maxTokens: 1 }, { relatedRequestId: requestId })
      .then(
        (result) => JSON.stringify(result),
        (error: Error) => `no answer: ${error.message}`,
      );
    return text(answer);
  });
  server.registerResource('notes', 'test://notes', {}, () => ({ contents: [] }));
  server.server.registerCapabilities({ resources: { subscribe: true } });
  server.server.setRequestHandler(SubscribeRequestSchema, () => ({}));
  server.server.setRequestHandler(UnsubscribeRequestSchema, () => ({}));
  server.registerTool('touch', { inputSchema: { uri: z.string() } }, async ({ uri }) => {
    await server.server.sendResourceUpdated({ uri });
    return text('touched');
  });
  server.registerTool('plain', {}, () => text('nothing was asked'));
  return server;
}
