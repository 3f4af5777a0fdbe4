import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createTaskServer, taskWorld } from './task-library.ts';

await createTaskServer(taskWorld()).connect(new StdioServerTransport());
