import { rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectHttp, type Daemon, startDaemon } from './aegis.ts';
import { serveAnswering } from './answering-server.ts';
import { callsIn, configure, createFolder, type Folder, ran, text, TOKEN } from './routes-ground.ts';

// Needs two loopback addresses of its own, and the ports as printed.
describe.runIf(process.platform === 'linux')('the routes that the gateway tutorial prints', () => {
  const printed = `
[[policies]]
name   = "block-system-writes"
match  = "tools/call"
action = "deny"
when   = { tool_name = "filesystem_write", path = "/etc/*" }

[[policies]]
name   = "audit-memory-ops"
match  = "tools/call"
action = "audit"
when   = { tool_name = "memory_*" }
log    = true

# Route memory operations to MNEMON
[[routes]]
prefix   = "memory_*"
upstream = "http://mnemon:8080"

# Route planning operations to the planner
[[routes]]
prefix   = "plan_*"
upstream = "http://planner:8081"

# Route hybrid operations through both
[[routes]]
prefix   = "hybrid_*"
upstream = ["http://mnemon:8080", "http://planner:8081"]

[[policies]]
name   = "allow-the-others"
action = "allow"
`;
  let folder: Folder;
  let servers: Server[];
  let daemon: Daemon;
  let client: Client;

  beforeAll(async () => {
    folder = createFolder();
    const { journal } = folder;
    const mnemon = ['memory_store', 'hybrid_think', 'hybrid_recall', 'plan_steal', 'delete_all'];
    const planner = ['plan_make', 'hybrid_think', 'memory_store', 'delete_all'];
    servers = await Promise.all([
      serveAnswering('mnemon', mnemon, { journal, host: '127.0.0.2', port: 8080 }),
      serveAnswering('planner', planner, { journal, host: '127.0.0.3', port: 8081 }),
    ]);
    const names = fileURLToPath(new URL('./host-names.ts', import.meta.url));
    daemon = await startDaemon(configure(folder, 'gateway.toml', printed), {
      NODE_OPTIONS: `--import=${names}`,
      HOST_NAMES: JSON.stringify({ mnemon: '127.0.0.2', planner: '127.0.0.3' }),
    });
    client = await connectHttp(daemon.url, TOKEN);
  });

  afterAll(async () => {
    await client.close();
    await daemon.stop();
    for (const server of servers) server.close();
    rmSync(folder.path, { recursive: true, force: true });
  });

  it('are all that clients see of the servers', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name, description }) => [name, description])).toEqual([
      ['hybrid_recall', 'hybrid_recall of mnemon'],
      ['hybrid_think', 'hybrid_think of mnemon'],
      ['memory_store', 'memory_store of mnemon'],
      ['plan_make', 'plan_make of planner'],
    ]);
  });

  it('bring each operation to its server', async () => {
    expect(await client.callTool({ name: 'memory_store', arguments: {} })).toMatchObject({
      structuredContent: { by: 'mnemon' },
    });
    expect(await client.callTool({ name: 'plan_make', arguments: {} })).toMatchObject({
      structuredContent: { by: 'planner' },
    });
    expect(ran(folder)).toEqual(['mnemon memory_store', 'planner plan_make']);
  });

  it('bring a hybrid operation to both, each with a decision and an outcome of its own', async () => {
    const before = callsIn(folder).length;
    expect(await client.callTool({ name: 'hybrid_think', arguments: {} })).toMatchObject({
      content: [text('hybrid_think of mnemon'), text('hybrid_think of planner')],
      structuredContent: { 'mnemon-8080': { by: 'mnemon' }, 'planner-8081': { by: 'planner' } },
    });
    expect(ran(folder)).toEqual(['mnemon hybrid_think', 'planner hybrid_think']);
    expect(callsIn(folder).slice(before)).toEqual([
      { server: 'mnemon-8080', tool: 'hybrid_think', decisions: 1, ends: ['executed'] },
      { server: 'planner-8081', tool: 'hybrid_think', decisions: 1, ends: ['executed'] },
    ]);
  });

  it('bring nothing to a server that is not routed to it', async () => {
    for (const name of [
      'delete_all',
      'mnemon-8080__delete_all',
      'plan_steal',
      'planner-8081__memory_store',
    ]) {
      expect(await client.callTool({ name, arguments: {} })).toMatchObject({
        isError: true,
        _meta: { 'aegis/denial': { code: 'TOOL_UNKNOWN' } },
      });
    }
    expect(ran(folder)).toEqual([]);
  });
});
