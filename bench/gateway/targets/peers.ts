// Other gateways. Those from npm are no dependencies of this repository: `node bench/peers/install.mjs`.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, startListening, startProgram } from '../measure/process.ts';
import { REPOSITORY } from './installation.ts';
import { uncontrolled } from './references.ts';
import type { TargetKind } from './target.ts';

const PEERS = join(REPOSITORY, 'bench/peers/node_modules');

function sdkProxy(generation: 1 | 2): TargetKind {
  const name = `sdk-v${generation}`;
  return {
    name,
    says: `a small gateway on the MCP SDK, version ${generation}: its server per session, one client of it behind`,
    before: ['http'],
    async start(scene) {
      const { installation, upstream, tools } = scene;
      const { pid, match, stop } = await startProgram(
        [process.execPath, installation.program(`${name}-proxy`), `${upstream.origin}/${name}/${tools}/mcp`],
        installation.folder,
        /^port (\d+)$/,
      );
      return { name, pid, stop, endpoint: uncontrolled(name, `http://127.0.0.1:${match[1]}/mcp`, scene) };
    },
  };
}

interface NpmPeer {
  readonly name: string;
  readonly says: string;
  /** File of its program under `node_modules`. */
  readonly program: string;
  readonly args: (port: number, child: readonly string[]) => readonly string[];
}

function npmPeer({ name, says, program, args }: NpmPeer): TargetKind {
  const file = join(PEERS, program);
  return {
    name,
    says,
    before: ['stdio'],
    missing: () => (existsSync(file) ? undefined : 'not installed: run `node bench/peers/install.mjs`'),
    async start(scene) {
      const port = await freePort();
      const { pid, stop } = await startListening(
        [process.execPath, file, ...args(port, scene.child)],
        scene.installation.folder,
        port,
      );
      return { name, pid, stop, endpoint: uncontrolled(name, `http://127.0.0.1:${port}/mcp`, scene) };
    },
  };
}

function mcpProxy(mode: 'stateful' | 'stateless'): TargetKind {
  const state = mode === 'stateless' ? ['--stateless'] : [];
  return npmPeer({
    name: mode === 'stateless' ? 'mcp-proxy-stateless' : 'mcp-proxy',
    says: `npm \`mcp-proxy\`, ${mode}, without its event store`,
    program: 'mcp-proxy/dist/bin/mcp-proxy.mjs',
    args: (port, child) => {
      const options = ['--server', 'stream', '--no-eventStore', ...state];
      return ['--host', '127.0.0.1', '--port', String(port), ...options, '--', ...child];
    },
  });
}

const supergateway = npmPeer({
  name: 'supergateway',
  says: 'npm `supergateway`, stateful: a child for each session (stateless it starts one for each request)',
  program: 'supergateway/dist/index.js',
  args: (port, child) => {
    const command = child.map((part) => `'${part}'`).join(' ');
    const mode = ['--outputTransport', 'streamableHttp', '--stateful', '--logLevel', 'none'];
    return ['--stdio', command, '--port', String(port), ...mode];
  },
});

export const SDK_PEERS: readonly TargetKind[] = [sdkProxy(1), sdkProxy(2)];
export const NPM_PEERS: readonly TargetKind[] = [mcpProxy('stateful'), mcpProxy('stateless'), supergateway];
