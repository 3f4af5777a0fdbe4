import { setTimeout as sleep } from 'node:timers/promises';
import type { McpServer } from '@modelcontextprotocol/server';
import { text } from '../result.ts';

const PAUSE_MS = 50;

/** Tools that say something before they answer: log messages, progress, or that the stream ends early. */
export function registerNoticeTools(server: McpServer): void {
  server.registerTool(
    'test_tool_with_logging',
    { description: 'logs three messages while it works' },
    async ({ mcpReq }) => {
      await mcpReq.log('info', 'Tool execution started');
      await sleep(PAUSE_MS);
      await mcpReq.log('info', 'Tool processing data');
      await sleep(PAUSE_MS);
      await mcpReq.log('info', 'Tool execution completed');
      return text('three messages were logged');
    },
  );

  server.registerTool(
    'test_logging_tool',
    { description: 'logs one message, for requests that name a log level' },
    async ({ mcpReq }) => {
      await mcpReq.log('info', 'a message for whoever asked for it');
      return text('one message was logged');
    },
  );

  server.registerTool(
    'test_tool_with_progress',
    { description: 'reports progress three times' },
    async ({ mcpReq }) => {
      const progressToken = mcpReq._meta?.progressToken;
      for (const progress of [0, 50, 100]) {
        if (progress > 0) await sleep(PAUSE_MS);
        if (progressToken === undefined) continue;
        const params = { progressToken, progress, total: 100, message: `${progress} of 100` };
        await mcpReq.notify({ method: 'notifications/progress', params });
      }
      return text('the work is done');
    },
  );

  server.registerTool(
    'test_reconnection',
    { description: 'ends its event stream before it answers; the answer is for whoever comes back' },
    async ({ http }) => {
      http?.closeSSE?.();
      await sleep(2 * PAUSE_MS);
      return text('the client came back for its answer');
    },
  );
}
