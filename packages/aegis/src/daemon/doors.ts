import type { Readable, Writable } from 'node:stream';
import { type HttpDoor, openHttpDoor } from '../api/server.ts';
import type { Configuration } from '../config/configuration.ts';
import { createMcpHandler } from '../gateway/front/http/front.ts';
import { serveStdio } from '../gateway/front/stdio.ts';
import { createAuthenticator } from '../identity/agents.ts';
import { VERSION } from '../version.ts';
import type { Gateway } from './gateway.ts';

export type { HttpDoor };

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/** Opens the HTTP door with MCP at `/mcp`. Fails with `ADDRESS_IN_USE`. */
export async function openDoor({ daemon, agents }: Configuration, gateway: Gateway): Promise<HttpDoor> {
  const authenticate = await createAuthenticator(agents, gateway.secrets, daemon.anonymous);
  const mcp = createMcpHandler({
    kernel: gateway.kernel,
    catalogue: gateway.catalogue,
    version: VERSION,
    allowedHosts: LOOPBACK_NAMES,
    allowedOrigins: [],
    authenticate: (request) => {
      const agent = authenticate(request.headers.authorization);
      return agent && { tenant: agent.tenant, agent: agent.name, user: agent.name, door: 'mcp-http' };
    },
  });
  const door = await openHttpDoor({
    host: daemon.host,
    port: daemon.port,
    mcp,
    readiness: gateway.readiness,
    allowedHosts: LOOPBACK_NAMES,
  });
  return {
    ...door,
    close: async () => {
      await mcp.close();
      await door.close();
    },
  };
}

/** Serves one client on a pair of streams until it is gone or `stop` resolves. */
export async function serveClient(
  configuration: Configuration,
  gateway: Gateway,
  streams: { readonly input: Readable; readonly output: Writable },
  stop: Promise<unknown>,
): Promise<void> {
  const agent = configuration.stdioAgent;
  const tenant = configuration.agents.find(({ name }) => name === agent)?.tenant ?? 'default';
  const front = serveStdio({
    kernel: gateway.kernel,
    catalogue: gateway.catalogue,
    caller: { tenant, agent, user: agent, door: 'mcp-stdio' },
    version: VERSION,
    ...streams,
  });
  await Promise.race([front.closed, stop.then(() => front.close('Aegis was stopped'))]);
}
