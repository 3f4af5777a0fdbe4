// The parts of the installed package, put together as `aegis start` does, but for what a profile leaves
// out. Arguments: the configuration file, and the kernel: `pass-through`, or `unwritten` for the product's
// kernel over a ledger that is not written. Prints its port.
import type * as Api from '../../../packages/aegis/src/api/server.ts';
import type * as Config from '../../../packages/aegis/src/config/load.ts';
import type * as Evidence from '../../../packages/aegis/src/daemon/evidence.ts';
import type * as Gateway from '../../../packages/aegis/src/daemon/gateway.ts';
import type * as Policy from '../../../packages/aegis/src/daemon/policy.ts';
import type * as Front from '../../../packages/aegis/src/gateway/front/http/front.ts';
import type * as Identity from '../../../packages/aegis/src/identity/agents.ts';
import { createForgetfulStore } from './forgetful-store.ts';
import { passThrough } from './pass-through.ts';

const [, , file = '', kernelName = ''] = process.argv;

const built = (path: string): Promise<unknown> => import(`@aegis/aegis/dist/${path}`);
const { openHttpDoor } = (await built('api/server.js')) as typeof Api;
const { loadConfiguration } = (await built('config/load.js')) as typeof Config;
const { openEvidence } = (await built('daemon/evidence.js')) as typeof Evidence;
const { openGateway } = (await built('daemon/gateway.js')) as typeof Gateway;
const { PolicyInForce } = (await built('daemon/policy.js')) as typeof Policy;
const { createMcpHandler } = (await built('gateway/front/http/front.js')) as typeof Front;
const { createAuthenticator } = (await built('identity/agents.js')) as typeof Identity;

const { configuration, diagnostics } = await loadConfiguration(file);
if (configuration === undefined) throw new Error(JSON.stringify(diagnostics));
const ledger = await openEvidence(configuration, process.env, () => {});
const store = createForgetfulStore(ledger);
const gateway = await openGateway(configuration, store, await PolicyInForce.open(configuration), process.env);
store.forget();
const authenticate = await createAuthenticator(configuration.agents, gateway.secrets, undefined);
const mcp = createMcpHandler({
  kernel: kernelName === 'pass-through' ? passThrough : gateway.kernel,
  catalogue: gateway.catalogue,
  version: '0.0.0',
  allowedHosts: ['127.0.0.1'],
  allowedOrigins: [],
  authenticate: ({ headers }) => {
    const agent = authenticate({ authorization: headers.authorization, certificate: undefined });
    if (typeof agent !== 'object' || agent instanceof Promise) return undefined;
    return { tenant: agent.tenant, agent: agent.name, user: agent.name, door: 'mcp-http' };
  },
});
const door = await openHttpDoor({
  host: '127.0.0.1',
  port: 0,
  mcp,
  readiness: gateway.readiness,
  allowedHosts: ['127.0.0.1'],
});
process.stdout.write(`port ${new URL(door.url).port}\n`);
process.once('SIGTERM', () => void stop());

async function stop(): Promise<void> {
  await mcp.close();
  await door.close();
  await gateway.close();
  await store.close();
  await ledger.close();
  process.exit();
}
