import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { bareEnvironment } from './client.ts';
import { program } from './columns.ts';

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the everything server over Streamable HTTP. It wants to be told its port. */
export async function serveEverything(): Promise<Served> {
  const port = await freePort();
  const [command, ...args] = program('server-everything', 'streamableHttp');
  const child = spawn(command, args, {
    env: bareEnvironment({ PORT: String(port) }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await listening(child);
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    close: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    let output = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('listening on port')) done();
    });
    child.once('exit', () => fail(new Error(`the everything server ended: ${output}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
