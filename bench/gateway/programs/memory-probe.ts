// Preloaded into the measured process: tells whoever asks at a socket in its folder what its heap holds.
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';

const SOCKET = 'memory.sock';

// A process that began anew left its socket behind.
rmSync(SOCKET, { force: true });
createServer((asking) => {
  asking.on('error', () => {});
  asking.end(JSON.stringify(process.memoryUsage()));
})
  .listen(SOCKET)
  .unref();
