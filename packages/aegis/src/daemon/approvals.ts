import { type Clearance, type EventDraft, permissionsOf, type Resource } from '@aegis/core';
import type { InForce } from '../approvals/answer.ts';
import type { Channel, Notice } from '../approvals/channels/channel.ts';
import { createDesktop } from '../approvals/channels/desktop.ts';
import { createSlack } from '../approvals/channels/slack.ts';
import { createWebhook } from '../approvals/channels/webhook.ts';
import { ApprovalDesk, type DeskPorts } from '../approvals/desk.ts';
import { createApprovalDoor } from '../approvals/door.ts';
import { ApprovalFollower } from '../approvals/follower.ts';
import { Links } from '../approvals/links.ts';
import { News } from '../approvals/news.ts';
import { People } from '../approvals/people.ts';
import { ApprovalQueue } from '../approvals/queue.ts';
import { vouch } from '../approvals/vouching.ts';
import type { Configuration } from '../config/configuration.ts';
import type { ConfiguredChannel } from '../config/configured/approvals.ts';
import type { ConfiguredValue } from '../config/configured/parties.ts';
import { DesktopNotifier } from '../desktop/notifier.ts';
import { OwnSession, ownCaller } from '../enforce/own-session.ts';
import type { SessionPorts } from '../enforce/session.ts';
import type { SealedLedger } from '../evidence/sealed-ledger.ts';
import { systemClock } from '../platform.ts';
import type { ApprovalDoor, SecretStore } from '../ports.ts';
import type { Environment } from './environment.ts';
import { openEvidence, sessionPorts } from './evidence.ts';
import { loadRules } from './rules.ts';
import { secretsOf } from './secrets.ts';

export type { GrantWish } from '../approvals/answer.ts';
export type { ShownApproval, Taken } from '../approvals/desk.ts';
export { approvalView, grantView, takenView } from '../approvals/view.ts';

/** How people are asked, and where they answer. */
export interface Approvals {
  readonly queue: ApprovalQueue;
  readonly news: News;
  readonly desk: ApprovalDesk;
  readonly people: People;
  readonly links: Links;
  /** What doors serve. */
  readonly door: ApprovalDoor;
  /** Takes a person's word for what a session has read. */
  readonly vouch: ApprovalDoor['vouch'];
  /** What people vouched for in a session. */
  readonly clearances: (tenant: string, session: string) => readonly Clearance[];
  /** Whether links to pages are given to anybody. */
  readonly hasPages: boolean;
  /** Gives up the calls that wait and the messages that were not taken. Never rejects. */
  close(): Promise<void>;
}

/** Opens approvals over a ledger for a person who answers in this process. Fails with `STORE_UNAVAILABLE`. */
export async function withApprovals<T>(
  configuration: Configuration,
  environment: Environment,
  warn: (text: string) => void,
  work: (approvals: Approvals) => Promise<T>,
): Promise<T> {
  const { policy } = await loadRules(configuration);
  const ledger = await openEvidence(configuration, environment, warn);
  try {
    const secrets = secretsOf(configuration, environment);
    // Who is asked here is told by the process that asks, and who types a key types it on its page.
    const approvers = configuration.approvals.approvers.map(({ name, account, roles }) => ({
      name,
      account,
      roles,
    }));
    const quiet = { ...configuration.approvals, approvers, channels: [] };
    const approvals = await openApprovals(
      { approvals: quiet, people: configuration.people },
      ledger,
      secrets,
      {
        policyDigest: () => policy.digest,
      },
    );
    try {
      return await work(approvals);
    } finally {
      await approvals.close();
    }
  } finally {
    await ledger.close();
  }
}

/** What is in force in this process. */
export interface InForceNow {
  readonly policyDigest: () => string;
  /** Undefined where this process does not know what is pinned. */
  readonly fingerprint?: (resource: Resource) => string | undefined;
  /** For what shows notifications. Absent where nobody is told of anything. */
  readonly environment?: Environment;
}

/** Opens both sides of approvals over a ledger: what asks, and what answers. */
export async function openApprovals(
  { approvals, people: signing }: Pick<Configuration, 'approvals' | 'people'>,
  ledger: SealedLedger,
  secrets: SecretStore,
  inForce: InForceNow,
): Promise<Approvals> {
  const { approvers, channels: configured, waitMs, expiresMs, quorum } = approvals;
  const people = new People(
    await Promise.all(
      approvers.map(async ({ name, account, roles, key }) => ({
        name,
        account,
        roles,
        key: key && (await secrets.resolve(key, `the key of \`${name}\``)).reveal(),
      })),
    ),
  );
  const signedIn = new Set(
    signing.filter(({ roles }) => permissionsOf(roles).has('approvals.decide')).map(({ name }) => name),
  );
  const sessions = sessionPorts(ledger);
  const { mac } = ledger;
  const follower = new ApprovalFollower({ ...sessions, mac });
  const news = new News(follower);
  const links = new Links(mac);
  const channels = await Promise.all(
    configured.map((channel) => openChannel(channel, secrets, links, ledger.warn, inForce.environment ?? {})),
  );
  const byClient = (id: string, agent: string, approved: boolean): void => {
    const person = { name: `user of ${agent}`, roles: [] };
    // What cannot be recorded was not said: the call waits on.
    desk.answer(id, { person, door: 'client', approved }).catch(() => {});
  };
  const claims = new Claims(sessions, inForce.policyDigest);
  const queue = new ApprovalQueue(
    {
      ...sessions,
      follower,
      news,
      mac,
      links,
      // A page on which nobody can say who it is decides nothing.
      sendsClients: approvals.elicitation !== 'off' && people.haveKeys,
      byClient: approvals.elicitation === 'form' ? byClient : undefined,
      record: (tenant, draft) => claims.record(tenant, draft),
      notify: (notice) => {
        for (const channel of channels) channel.tell(notice);
      },
      knows: (name) => people.byName(name) !== undefined || signedIn.has(name),
    },
    { waitMs, expiresMs, quorum },
  );
  const record: DeskPorts['record'] = (tenant, person, drafts) =>
    recordWord(sessions, inForce.policyDigest, { tenant, person }, drafts);
  const desk = new ApprovalDesk({
    ...sessions,
    follower,
    mac,
    record,
    inForce: () => inForceIn(inForce),
    answered: () => news.wake(),
  });
  const vouching: ApprovalDoor['vouch'] = (place, word) =>
    vouch({ store: ledger, follower, ids: sessions.ids, mac, record }, place, word);
  return {
    queue,
    news,
    desk,
    people,
    links,
    door: createApprovalDoor(desk, people, systemClock, vouching),
    vouch: vouching,
    clearances: (tenant, session) => follower.clearances.of(tenant, session),
    hasPages: people.haveKeys || configured.some(({ kind }) => kind !== 'desktop'),
    async close() {
      news.close();
      await Promise.all(channels.map((channel) => channel.close()));
      await claims.close();
    },
  };
}

/** A process that runs no servers does not know what the one that holds the call goes by: that one will see. */
function inForceIn({ policyDigest, fingerprint }: InForceNow): InForce {
  if (fingerprint === undefined) return { policyDigest: undefined, definition: undefined };
  return {
    policyDigest: policyDigest(),
    definition: ({ kind, server, name }) => fingerprint({ kind, server, name }),
  };
}

async function openChannel(
  channel: ConfiguredChannel,
  secrets: SecretStore,
  links: Links,
  warn: (text: string) => void,
  environment: Environment,
): Promise<Channel> {
  if (channel.kind === 'desktop') {
    const notifier = new DesktopNotifier(environment);
    const show: DesktopNotifier['show'] = (title, text, signal) => notifier.show(title, text, signal);
    return createDesktop({ name: 'approvals on the desktop', show, warn });
  }
  const { kind, url, secret, person } = channel;
  const options = {
    name: `approvals by ${kind}`,
    url: await valueOf(url, secrets, `approvals by ${kind}`),
    link: ({ approval }: Notice) => links.to(approval, person),
    warn,
  };
  if (kind === 'slack' || secret === undefined) return createSlack(options);
  return createWebhook({
    ...options,
    secret: (await secrets.resolve(secret, options.name)).reveal(),
    clock: systemClock,
  });
}

async function valueOf(value: ConfiguredValue, secrets: SecretStore, use: string): Promise<string> {
  return typeof value === 'string' ? value : (await secrets.resolve(value, use)).reveal();
}

/** What a person said, in a session that is the person's own and ends with it. */
async function recordWord(
  ports: SessionPorts,
  policyDigest: () => string,
  { tenant, person }: { readonly tenant: string; readonly person: string },
  drafts: readonly [EventDraft, ...EventDraft[]],
): Promise<void> {
  const session = new OwnSession(ports, policyDigest, { ...ownCaller(person), tenant });
  try {
    await session.record(drafts);
  } finally {
    await session.close('the person has answered');
  }
}

/** Which call runs on which approval, in one session of this process for each tenant. */
class Claims {
  readonly #ports: SessionPorts;
  readonly #policyDigest: () => string;
  readonly #sessions = new Map<string, { readonly session: OwnSession; turn: Promise<void> }>();

  constructor(ports: SessionPorts, policyDigest: () => string) {
    this.#ports = ports;
    this.#policyDigest = policyDigest;
  }

  /** One after the other: a session takes one request at a time. */
  record(tenant: string, draft: EventDraft): Promise<void> {
    const held = this.#sessions.get(tenant) ?? {
      session: new OwnSession(this.#ports, this.#policyDigest, { ...ownCaller(), tenant }),
      turn: Promise.resolve(),
    };
    this.#sessions.set(tenant, held);
    const recorded = held.turn.then(() => held.session.record([draft]));
    held.turn = recorded.catch(() => {});
    return recorded;
  }

  async close(): Promise<void> {
    const all = [...this.#sessions.values()];
    await Promise.all(all.map(({ turn, session }) => turn.then(() => session.close('Aegis was stopped'))));
  }
}
