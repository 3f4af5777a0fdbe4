import type { Readiness } from '../api/server.ts';
import type { Configuration } from '../config/configuration.ts';
import { EnforcementKernel } from '../enforce/kernel.ts';
import { SessionPinLedger } from '../enforce/pin-ledger.ts';
import { recoverSessions } from '../enforce/recovery.ts';
import type { Ruleset } from '../enforce/ruleset.ts';
import type { SessionPorts } from '../enforce/session.ts';
import type { SealedLedger } from '../evidence/sealed-ledger.ts';
import { capabilitiesFor } from '../gateway/capabilities.ts';
import { Catalogue, type ServerState } from '../gateway/catalogue/catalogue.ts';
import { Pins } from '../gateway/pins/pins.ts';
import { suspicionOf } from '../gateway/pins/suspect.ts';
import { compileRoutes } from '../gateway/routes/table.ts';
import { createUpstream } from '../gateway/upstream/create.ts';
import { UpstreamRefusals } from '../gateway/upstream/refusals.ts';
import { createReaper } from '../gateway/upstream/stdio/reaper.ts';
import { systemClock } from '../platform.ts';
import type { Approver, SecretStore } from '../ports.ts';
import { createSecretStore } from '../vault/secrets.ts';
import { watchSecrets } from '../vault/watch.ts';
import { VERSION } from '../version.ts';
import type { Environment } from './environment.ts';
import { sessionPorts } from './evidence.ts';
import { createInspection } from './inspection.ts';

/** How long the start waits for servers; one that is slower joins when it is up. */
export const SERVERS_DEADLINE_MS = 20_000;

/** Nobody can be asked yet: what needs approval is denied. */
const nobody: Approver = { ask: () => Promise.resolve({ kind: 'unavailable' }) };

/** The kernel with everything behind it: what a door is opened on. */
export interface Gateway {
  readonly kernel: EnforcementKernel;
  readonly catalogue: Catalogue;
  readonly secrets: SecretStore;
  servers(): readonly ServerState[];
  readonly readiness: readonly Readiness[];
  close(): Promise<void>;
}

/** Starts the kernel and its servers; a server that does not start is a state, not a failure. */
export async function openGateway(
  configuration: Configuration,
  ledger: SealedLedger,
  rules: Ruleset,
  environment: Environment,
): Promise<Gateway> {
  const secrets = watchSecrets(createSecretStore({ environment, directory: configuration.directory }));
  const ports = {
    secrets,
    path: environment['PATH'],
    client: { name: 'aegis', version: VERSION },
    reaper: createReaper(),
    refused: (server: string, method: string) => refusals.refused(server, method),
  };
  const upstreams = configuration.servers.map((server) => {
    // What a server asks of a client must reach that client and no other.
    const requests = rules.manifests.get(server.name)?.clientRequests ?? new Set();
    const isolated = server.isolated || requests.size > 0;
    return createUpstream({ ...server, isolated, asks: capabilitiesFor(requests) }, ports);
  });
  const onlyRouted = configuration.servers.filter((server) => server.onlyRouted).map(({ name }) => name);
  const sessions = sessionPorts(ledger);
  const pinLedger = new SessionPinLedger(sessions, rules.policy.digest);
  const pins = new Pins({
    ledger: pinLedger,
    clock: systemClock,
    firstSight: configuration.firstSight,
    ...(configuration.suspectDefinitions === 'quarantine' ? { suspicion: suspicionOf } : {}),
    shadow: () => rules.policy.settings.mode === 'shadow',
  });
  const catalogue = new Catalogue(upstreams, compileRoutes(configuration.routes, onlyRouted), pins);
  const inspectPlatform = await createInspection(configuration.servers, configuration.directory, rules);
  const kernel = new EnforcementKernel(
    {
      ...sessions,
      approver: nobody,
      inspect: inspectPlatform,
      definition: (resource) => pins.fact(resource),
      known: () => secrets.known(),
      upstream: (name) => upstreams.find((upstream) => upstream.name === name),
    },
    rules,
  );
  const refusals = new UpstreamRefusals((...refusal) => kernel.refuse(...refusal));
  await takeOverSessions(ledger, sessions);
  await catalogue.start(SERVERS_DEADLINE_MS);
  return {
    kernel,
    catalogue,
    secrets,
    servers: () => catalogue.servers(),
    readiness: [
      { name: 'ledger', problem: () => ledger.problem() },
      { name: 'pins', problem: () => pins.problem() },
      ...configuration.servers.map(({ name }) => ({
        name: `server ${name}`,
        problem: () => catalogue.servers().find((server) => server.name === name)?.problem,
      })),
    ],
    close: async () => {
      await refusals.close();
      await kernel.closeAll('Aegis was stopped');
      await catalogue.close();
      await pins.close();
      await pinLedger.close('Aegis was stopped');
    },
  };
}

/** Takes up the sessions of processes that are gone, now and from now on. */
async function takeOverSessions(ledger: SealedLedger, ports: SessionPorts): Promise<void> {
  await ledger.lease.recoverWith(async (places) => {
    const unrecovered = await recoverSessions(ports, places);
    for (const { place, why } of unrecovered) {
      ledger.warn(`session \`${place.session}\` of a process that is gone: ${why}`);
    }
    return unrecovered.map(({ place }) => place);
  });
}
