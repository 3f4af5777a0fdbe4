import type { Readable, Writable } from 'node:stream';
import { openPageDoor, type PageDoor } from '../api/approve/door.ts';
import { createApprovePage } from '../api/approve/page.ts';
import { type HttpDoor, openHttpDoor } from '../api/server.ts';
import type { MetricsReads } from '../api/ports.ts';
import type { Configuration } from '../config/configuration.ts';
import type { ConfiguredDaemon } from '../config/configured/doors.ts';
import { isLoopback } from '../config/loopback.ts';
import type { Caller } from '../enforce/door.ts';
import { createMcpHandler } from '../gateway/front/http/front.ts';
import type { SealedLedger } from '../evidence/sealed-ledger.ts';
import { serveStdio } from '../gateway/front/stdio.ts';
import { isMetadataPath, resourceMetadata } from '../identity/oauth/resource.ts';
import type { AgentIdentity, SignInRefusal } from '../ports.ts';
import { VERSION } from '../version.ts';
import { openDaemonApi } from './api.ts';
import type { Gateway } from './gateway.ts';
import type { PolicyInForce } from './policy.ts';
import { openSignIn, shownBy } from './sign-in.ts';
import { followTls, readTls } from './tls.ts';

/** The doors of the daemon as one. */
export interface DaemonDoor extends HttpDoor {
  /** Where MCP is served; with `daemon.mcp_addr` at `/mcp` of `url` as well. */
  readonly mcpUrl: string;
}

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/** What the door is opened on beside the gateway. */
export interface DoorParts {
  readonly ledger: SealedLedger;
  readonly policy: PolicyInForce;
  readonly metrics: MetricsReads | undefined;
  /** Hears of what changes while the door is open, one line at a time. */
  readonly say: (line: string) => void;
}

/** Opens the HTTP door: MCP at `/mcp`, and the API. Fails with `ADDRESS_IN_USE` and `CONFIG_INVALID`. */
export async function openDoor(
  configuration: Configuration,
  gateway: Gateway,
  { ledger, policy, metrics, say }: DoorParts,
): Promise<DaemonDoor> {
  const { daemon, oauth } = configuration;
  const entrance = await openSignIn(configuration, gateway.secrets, { ledger, policy });
  const { signIn, oidc } = entrance;
  const metadata =
    oauth && ((path: string) => (isMetadataPath(path, oauth) ? resourceMetadata(oauth) : undefined));
  const tls = daemon.tls && (await readTls(daemon.tls, gateway.secrets));
  const allowedHosts = [...LOOPBACK_NAMES, ...daemon.hosts];
  const mcp = createMcpHandler({
    kernel: gateway.kernel,
    catalogue: gateway.catalogue,
    version: VERSION,
    allowedHosts,
    allowedOrigins: [],
    scheme: tls === undefined ? 'http' : 'https',
    sharing: {
      key: Buffer.from(ledger.mac('ids of sessions over HTTP'), 'hex'),
      moves: gateway.moves,
    },
    authenticate: (request) => {
      const recognised = signIn.agent(shownBy(request));
      return recognised instanceof Promise ? recognised.then(callerOf) : callerOf(recognised);
    },
  });
  const api = openDaemonApi({ configuration, gateway, ledger, policy, metrics, signIn, mcp });
  const door = await openHttpDoor({
    host: daemon.host,
    port: daemon.port,
    tls,
    mcp,
    api: api.serve,
    readiness: gateway.readiness,
    metadata,
    allowedHosts,
    approvePage: createApprovePage(gateway.approvals.door, oidc?.visitors),
    signInPages: oidc?.pages,
    publicOrigin: configuration.oidc?.url,
  });
  const mcpDoor =
    daemon.mcp &&
    (await openHttpDoor({ ...daemon.mcp, mcp, readiness: gateway.readiness, metadata, allowedHosts }).catch(
      async (error: unknown) => {
        await door.close();
        throw error;
      },
    ));
  const url = urlOf(daemon, door);
  gateway.approvals.links.servedAt(url);
  const unfollow =
    daemon.tls === undefined
      ? () => {}
      : followTls(configuration, daemon.tls, door, { secrets: gateway.secrets, say });
  return {
    ...door,
    url,
    mcpUrl: `${mcpDoor?.url ?? url}/mcp`,
    close: async () => {
      unfollow();
      api.close();
      await mcp.close();
      await mcpDoor?.close();
      await door.close();
      await entrance.close();
    },
  };
}

function callerOf(known: AgentIdentity | SignInRefusal): Caller | SignInRefusal {
  if ('status' in known) return known;
  return { tenant: known.tenant, agent: known.name, user: known.name, door: 'mcp-http' };
}

/** How others call the door: an address that stands for a whole network is nobody's name. */
function urlOf({ host, hosts: [name] }: ConfiguredDaemon, { url }: HttpDoor): string {
  if (isLoopback(host) || name === undefined) return url;
  const { protocol, port } = new URL(url);
  return `${protocol}//${name}${port === '' ? '' : `:${port}`}`;
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
  const { approvals } = gateway;
  let pages: Promise<PageDoor> | undefined;
  const openPages = (): Promise<PageDoor> => (pages ??= openPageDoor(approvals.door));
  if (approvals.hasPages) approvals.links.serveWith(async () => (await openPages()).url);
  const front = serveStdio({
    kernel: gateway.kernel,
    catalogue: gateway.catalogue,
    caller: { tenant, agent, user: agent, door: 'mcp-stdio' },
    version: VERSION,
    ...streams,
  });
  await Promise.race([front.closed, stop.then(() => front.close('Aegis was stopped'))]);
  await pages?.then((door) => door.close()).catch(() => {});
}
