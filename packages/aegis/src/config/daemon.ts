import { resolve } from 'node:path';
import type { ConfiguredPerson } from './configured/approvals.ts';
import type { Address, ConfiguredDaemon } from './configured/doors.ts';
import type { ConfiguredAgent } from './configured/parties.ts';
import { isLoopback } from './loopback.ts';
import type { Report } from './routes.ts';
import type { DaemonEntry } from './schema.ts';

/** Reads how the HTTP door is opened, and refuses to open it to the network unprotected. */
export function readDaemon(
  {
    addr = '127.0.0.1:8080',
    mcp_addr,
    anonymous,
    hosts = [],
    lock_out: lockOut = 'network',
    tls,
  }: DaemonEntry,
  known: { readonly agents: readonly ConfiguredAgent[]; readonly people: readonly ConfiguredPerson[] },
  directory: string,
  report: Report,
): ConfiguredDaemon {
  // SECURITY: without this a caller that shows no token would be the agent that the token is for.
  if (known.agents.some((agent) => agent.name === anonymous)) {
    report('anonymous-agent', ['daemon', 'anonymous'], `\`${anonymous}\` is an agent with a credential`);
  }
  const address = addressOf(addr, 'addr', report);
  const mcp = mcp_addr === undefined ? undefined : addressOf(mcp_addr, 'mcp_addr', report);
  if (mcp !== undefined && !isLoopback(mcp.host)) {
    const message = `\`${mcp.host}\` is not a loopback address`;
    report(
      'public-bind',
      ['daemon', 'mcp_addr'],
      message,
      'the network reaches MCP at `/mcp` of `addr`, with TLS',
    );
  }
  if (!isLoopback(address.host)) {
    // SECURITY: to the network the door is opened with TLS alone, and to those alone who can show who they are.
    const missing = [
      ...(tls === undefined ? ['TLS is needed (`cert` and `key` under [daemon.tls])'] : []),
      ...(hosts.length === 0 ? ['it has no name (`hosts` under [daemon])'] : []),
      ...(anonymous === undefined ? [] : ['nobody may be anonymous there']),
      ...(known.agents.length + known.people.length === 0
        ? ['nobody could sign in ([[agents]], [[people]])']
        : []),
    ];
    if (missing.length > 0) {
      const message = `\`${address.host}\` is not a loopback address: ${missing.join(', ')}`;
      report('public-bind', ['daemon', 'addr'], message, 'give what is missing, or use 127.0.0.1');
    }
  }
  return {
    ...address,
    ...(mcp === undefined ? {} : { mcp }),
    ...(anonymous === undefined ? {} : { anonymous }),
    hosts: hosts.map((host) => host.toLowerCase()),
    lockOut,
    ...(tls === undefined
      ? {}
      : {
          tls: {
            cert: resolve(directory, tls.cert),
            key: tls.key,
            ...(tls.client_ca === undefined ? {} : { clientCa: resolve(directory, tls.client_ca) }),
          },
        }),
  };
}

function addressOf(addr: string, key: 'addr' | 'mcp_addr', report: Report): Address {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:]*)):(\d{1,5})$/i.exec(addr);
  const host = match?.[1] ?? (match?.[2] || '127.0.0.1');
  const port = Number(match?.[3]);
  if (match !== null && port <= 65_535) return { host, port };
  report('bad-value', ['daemon', key], `\`${addr}\` is not host:port`, 'for example 127.0.0.1:8080');
  return { host: '127.0.0.1', port: 0 };
}
