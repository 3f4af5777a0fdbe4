// What Aegis is measured against: nothing between, the least that can be between, and a server in C.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Endpoint } from '../load/session.ts';
import { freePort, startListening, startProgram } from '../measure/process.ts';
import type { Scene, TargetKind } from './target.ts';

/** The endpoint of something that controls nothing. */
export function uncontrolled(name: string, url: string, { tools }: Scene): Endpoint {
  return { name, url, control: 'nothing', tools, tally: { calls: 0 } };
}

export const direct: TargetKind = {
  name: 'direct',
  says: 'nothing between: its CPU is that of the server itself',
  before: ['http'],
  start: (scene) =>
    Promise.resolve({
      name: 'direct',
      pid: scene.upstream.pid,
      endpoint: uncontrolled('direct', `${scene.upstream.origin}/direct/${scene.tools}/mcp`, scene),
      stop: () => Promise.resolve(),
    }),
};

export const relay: TargetKind = {
  name: 'relay',
  says: 'the floor: `node:http` in front, undici `dispatch` behind, bodies handed over unread (before a stdio child: a body is a line, and only ids are looked at)',
  before: ['http', 'stdio'],
  async start(scene, transport) {
    const { installation, upstream, tools, child } = scene;
    const command =
      transport === 'http'
        ? [installation.program('relay'), `${upstream.origin}/relay/${tools}/mcp`]
        : [installation.program('stdio-relay'), ...child];
    const { pid, match, stop } = await startProgram(
      [process.execPath, ...command],
      installation.folder,
      /^port (\d+)$/,
    );
    const url = `http://127.0.0.1:${match[1]}/mcp`;
    return { name: 'relay', pid, stop, endpoint: uncontrolled('relay', url, scene) };
  },
};

export const parsing: TargetKind = {
  name: 'parsing',
  says: 'the floor of P0: the relay, with each body and each answer read, `JSON.parse`d, its id replaced and printed anew, and nothing checked: what any gateway that looks into calls must do',
  before: ['http'],
  async start(scene) {
    const { installation, upstream, tools } = scene;
    const { pid, match, stop } = await startProgram(
      [process.execPath, installation.program('parsing-relay'), `${upstream.origin}/parsing/${tools}/mcp`],
      installation.folder,
      /^port (\d+)$/,
    );
    const url = `http://127.0.0.1:${match[1]}/mcp`;
    return { name: 'parsing', pid, stop, endpoint: uncontrolled('parsing', url, scene) };
  },
};

/** The relay with a record of every call that nothing can be left out of. */
function recordingRelay(name: string, says: string, isWritten: boolean): TargetKind {
  return {
    name,
    says,
    before: ['http'],
    async start(scene) {
      const { installation, upstream, tools } = scene;
      const folder = mkdtempSync(join(installation.folder, `${name}-`));
      const ledger = isWritten ? [join(folder, 'ledger.db')] : [];
      const url = `${upstream.origin}/${name}/${tools}/mcp`;
      const { pid, match, stop } = await startProgram(
        [process.execPath, installation.program('recording-relay'), url, ...ledger],
        installation.folder,
        /^port (\d+)$/,
      );
      return { name, pid, stop, endpoint: uncontrolled(name, `http://127.0.0.1:${match[1]}/mcp`, scene) };
    },
  };
}

export const sealing = recordingRelay(
  'sealing',
  'the floor of P1: the relay, with bodies read and five events of each call printed and hashed into a chain, and nothing judged, checked, folded or salted',
  false,
);

export const recording = recordingRelay(
  'recording',
  'the floor of P3: the same, with the events in SQLite, one transaction for all calls that wait, three events durable before a call is sent and two before its answer is',
  true,
);

export const nginx: TargetKind = {
  name: 'nginx',
  says: '`proxy_pass` of one worker, connections kept, no log',
  before: ['http'],
  missing: () => (spawnSync('nginx', ['-v']).status === 0 ? undefined : 'no `nginx` on the PATH'),
  async start(scene) {
    const { upstream, installation, tools } = scene;
    const port = await freePort();
    const folder = mkdtempSync(join(installation.folder, 'nginx-'));
    const path = `/nginx/${tools}/mcp`;
    writeFileSync(
      join(folder, 'nginx.conf'),
      nginxConfiguration(folder, port, new URL(upstream.origin).host, path),
    );
    const { pid, stop } = await startListening(
      ['nginx', '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')],
      folder,
      port,
    );
    const url = `http://127.0.0.1:${port}/mcp`;
    return { name: 'nginx', pid, stop, endpoint: uncontrolled('nginx', url, scene) };
  },
};

function nginxConfiguration(folder: string, port: number, upstream: string, path: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000000;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  upstream behind { server ${upstream}; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    location /mcp {
      proxy_pass http://behind${path};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
`;
}
