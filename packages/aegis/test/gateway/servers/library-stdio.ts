import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createLibraryServer } from './library.ts';

await createLibraryServer(process.argv[2] ?? 'library').connect(new StdioServerTransport());
