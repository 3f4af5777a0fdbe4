import { AegisError, type InspectPlatform, type Resource } from '@aegis/core';
import type { Readiness } from '../api/server.ts';
import type { Configuration } from '../config/configuration.ts';
import { EnforcementKernel } from '../enforce/kernel.ts';
import { SessionPinLedger } from '../enforce/pin-ledger.ts';
import { recoverSessions } from '../enforce/recovery.ts';
import type { Ruleset } from '../enforce/ruleset.ts';
import type { SessionPorts } from '../enforce/session.ts';
import type { LeasedMoves } from '../enforce/session-moves.ts';
import type { SealedLedger } from '../evidence/sealed-ledger.ts';
import { capabilitiesFor } from '../gateway/capabilities.ts';
import { Catalogue, type ServerState } from '../gateway/catalogue/catalogue.ts';
import { Pins } from '../gateway/pins/pins.ts';
import { suspicionOf } from '../gateway/pins/suspect.ts';
import { compileRoutes } from '../gateway/routes/table.ts';
import { createUpstream } from '../gateway/upstream/create.ts';
import { noteReach } from '../gateway/upstream/reach.ts';
import { UpstreamRefusals } from '../gateway/upstream/refusals.ts';
import { RenewableUpstream } from '../gateway/upstream/renewable.ts';
import { createReaper } from '../gateway/upstream/stdio/reaper.ts';
import { systemClock } from '../platform.ts';
import type { SecretStore } from '../ports.ts';
import { watchSecrets } from '../vault/watch.ts';
import { VERSION } from '../version.ts';
import { type Approvals, openApprovals } from './approvals.ts';
import type { Environment } from './environment.ts';
import { sessionPorts } from './evidence.ts';
import { followKillSwitches, type KillSwitches } from './kill.ts';
import { followRates } from './rates.ts';
import { createInspection, openReader } from './inspection.ts';
import type { PolicyInForce } from './policy.ts';
import { followSecrets, secretsOfServer } from './secret-changes.ts';
import { recordSecretUses } from './secret-uses.ts';
import { requireSecrets, secretsOf } from './secrets.ts';

/** How long the start waits for servers; one that is slower joins when it is up. */
export const SERVERS_DEADLINE_MS = 20_000;

/** The kernel with everything behind it: what a door is opened on. */
export interface Gateway {
  readonly kernel: EnforcementKernel;
  readonly catalogue: Catalogue;
  readonly secrets: SecretStore;
  readonly approvals: Approvals;
  readonly kills: KillSwitches;
  /** Sessions that go on here, or in another process. */
  readonly moves: LeasedMoves;
  servers(): readonly ServerState[];
  readonly readiness: readonly Readiness[];
  close(): Promise<void>;
}

/** Starts the kernel and its servers; a server that does not start is a state, not a failure. */
export async function openGateway(
  configuration: Configuration,
  ledger: SealedLedger,
  policy: PolicyInForce,
  environment: Environment,
): Promise<Gateway> {
  const configured = secretsOf(configuration, environment);
  await requireSecrets(configuration, configured);
  const uses = recordSecretUses(sessionPorts(ledger), () => policy.rules.policy.digest);
  const secrets = watchSecrets(uses.over(configured));
  const ports = {
    secrets,
    path: environment['PATH'],
    client: { name: 'aegis', version: VERSION },
    reaper: createReaper(),
    refused: (server: string, method: string) => refusals.refused(server, method),
  };
  const renewables: RenewableUpstream[] = [];
  const reached = configuration.servers.map((server) => {
    // What a server asks of a client must reach that client and no other.
    const requests = policy.rules.manifests.get(server.name)?.clientRequests ?? new Set();
    const isolated = server.isolated || requests.size > 0;
    const definition = { ...server, isolated, asks: capabilitiesFor(requests) };
    if (secretsOfServer(server).length === 0) return noteReach(createUpstream(definition, ports));
    const renewable = new RenewableUpstream(() => createUpstream(definition, ports));
    renewables.push(renewable);
    return noteReach(renewable);
  });
  const upstreams = reached.map(({ upstream }) => upstream);
  const servers = new Set(configuration.servers.map(({ name }) => name));
  const onlyRouted = configuration.servers.filter((server) => server.onlyRouted).map(({ name }) => name);
  const sessions = sessionPorts(ledger);
  const pinLedger = new SessionPinLedger(sessions, () => policy.rules.policy.digest);
  const pins = new Pins({
    ledger: pinLedger,
    clock: systemClock,
    firstSight: configuration.firstSight,
    ...(configuration.suspectDefinitions === 'quarantine' ? { suspicion: suspicionOf } : {}),
    shadow: () => policy.rules.policy.settings.mode === 'shadow',
  });
  const catalogue = new Catalogue(upstreams, compileRoutes(configuration.routes, onlyRouted), pins);
  const fingerprint = (resource: Resource) => pins.fingerprint(resource);
  const approvals = await openApprovals(configuration, ledger, secrets, {
    policyDigest: () => policy.rules.policy.digest,
    fingerprint,
    environment,
  });
  const digest = () => policy.rules.policy.digest;
  const kills = await followKillSwitches(configuration, ledger, digest);
  const rates = await followRates(sessions, ledger.permits, () => policy.rules.policy.rates);
  const inspections = new WeakMap<Ruleset, (server: string) => InspectPlatform>();
  policy.prepare = async (rules) => {
    inspections.set(rules, await createInspection(configuration.servers, configuration.directory, rules));
  };
  await policy.prepare(policy.rules);
  const content = await openReader(configuration, () => secrets.known());
  const kernel = new EnforcementKernel(
    {
      ...sessions,
      approver: approvals.queue,
      fingerprint,
      inspect: (server, rules) => inspectionOf(inspections, rules)(server),
      // What an agent's own code does is offered by no server and has no definition.
      killed: (subject) => kills.board.of(subject),
      handoffKey: Buffer.from(ledger.mac('handoff tokens'), 'hex'),
      rates: rates.book,
      permits: rates.permits,
      clearances: approvals.clearances,
      definition: (resource) => (servers.has(resource.server) ? pins.fact(resource) : undefined),
      known: () => secrets.known(),
      content: content.reader,
      upstream: (name) => upstreams.find((upstream) => upstream.name === name),
    },
    () => policy.rules,
  );
  kills.onThrown((thrown) => void kernel.stop(thrown));
  policy.changed = () => catalogue.announce();
  const refusals = new UpstreamRefusals((...refusal) => kernel.refuse(...refusal));
  approvals.news.start();
  const moves = kernel.movesOver({ leases: ledger.leases, clock: systemClock });
  await takeOverSessions(ledger, sessions, moves);
  await catalogue.start(SERVERS_DEADLINE_MS);
  const unfollowSecrets = followSecrets(configuration, configured, renewables, (text) => ledger.warn(text));
  return {
    kernel,
    catalogue,
    secrets,
    approvals,
    kills,
    moves,
    servers: () => catalogue.servers(),
    readiness: [
      { name: 'ledger', problem: () => ledger.problem() },
      { name: 'pins', problem: () => pins.problem() },
      { name: 'policy', problem: () => undefined, note: () => noteOf(policy) },
      ...reached.map(({ upstream: { name }, problem }) => ({
        name: `server ${name}`,
        problem: () => catalogue.servers().find((server) => server.name === name)?.problem ?? problem(),
      })),
    ],
    close: async () => {
      unfollowSecrets();
      await refusals.close();
      await moves.close();
      await kernel.closeAll('Aegis was stopped');
      await content.close();
      await rates.close();
      await kills.close('Aegis was stopped');
      await approvals.close();
      await catalogue.close();
      await pins.close();
      await pinLedger.close('Aegis was stopped');
      await uses.close('Aegis was stopped');
    },
  };
}

function inspectionOf<T>(inspections: WeakMap<Ruleset, T>, rules: Ruleset): T {
  const inspection = inspections.get(rules);
  if (inspection === undefined) throw new AegisError('INTERNAL', 'rules came into force unprepared');
  return inspection;
}

/** SECURITY: the readiness can be read without a token; what is wrong with which file stands on the terminal. */
function noteOf({ problem, rules }: PolicyInForce): string | undefined {
  if (problem === undefined) return undefined;
  return `the newest change was not taken; digest ${rules.policy.digest.slice(0, 12)} is in force`;
}

/** Takes up the sessions of processes that are gone, now and from now on. */
async function takeOverSessions(
  ledger: SealedLedger,
  ports: SessionPorts,
  moves: LeasedMoves,
): Promise<void> {
  await ledger.lease.recoverWith(async (places) => {
    const unrecovered = await recoverSessions(ports, places, (...claim) => moves.recover(...claim));
    for (const { place, why } of unrecovered) {
      ledger.warn(`session \`${place.session}\` of a process that is gone: ${why}`);
    }
    return unrecovered.map(({ place }) => place);
  });
}
