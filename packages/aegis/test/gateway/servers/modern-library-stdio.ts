// Serves the modern era alone, or with `--dual` both, over standard input and output.
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { createModernLibraryServer, World } from './modern-library.ts';

const world = new World();
serveStdio(
  () => {
    const server = createModernLibraryServer(world);
    world.notifier = {
      toolsChanged: () => server.sendToolListChanged(),
      resourceUpdated: (uri) => void server.server.sendResourceUpdated({ uri }),
    };
    return server;
  },
  { legacy: process.argv.includes('--dual') ? 'serve' : 'reject' },
);
