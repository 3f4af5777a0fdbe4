import type { JsonObject } from '@aegis/core';
import type { SessionHandle } from '../../../enforce/door.ts';
import { notificationText } from '../../jsonrpc.ts';
import type { Notice, UpstreamLink, UpstreamServer } from '../../upstream/server.ts';
import { askable } from '../ask.ts';
import { changeTexts } from '../changes.ts';
import type { Send } from '../channel.ts';
import { ClientSide } from './client-side.ts';
import type { FrontContext } from './context.ts';
import { Following } from '../following.ts';
import type { Opening } from './initialize.ts';
import { SessionCatalogue } from './session-catalogue.ts';
import { SessionLinks } from '../links.ts';
import type { LogLevel } from '../log-level.ts';
import { logMessageText } from '../log-message.ts';
import { offersService } from '../offered.ts';
import { formOf, type RevisionForm } from './older-forms.ts';
import type { FrontStrayCounts } from './stray.ts';
import { SessionTasks } from './tasks/session-tasks.ts';
import { offersTasks } from './tasks/offered.ts';

/** For telling a server what nobody waits for. */
const TELL_LIMITS = { timeoutMs: 5_000, maxOutputBytes: 64 * 1024 } as const;

/** Everything that a session has once it is initialised. */
export class OpenSession {
  readonly context: FrontContext;
  readonly handle: SessionHandle;
  readonly revision: Opening['revision'];
  readonly client: ClientSide;
  readonly form: RevisionForm;
  readonly links: SessionLinks;
  readonly catalogue: SessionCatalogue;
  readonly following: Following;
  readonly tasks: SessionTasks;
  /** Whether the client was told that tool calls can go on as tasks. */
  readonly runsTasks: boolean;
  /** Sends what belongs to no request. */
  readonly #send: Send;
  readonly #stops: (() => void)[] = [];
  readonly #heard = new Set<UpstreamLink>();
  #logLevelSet = false;

  constructor(
    context: FrontContext,
    handle: SessionHandle,
    { revision, declared }: Pick<Opening, 'revision' | 'declared'>,
    send: Send,
    stray: FrontStrayCounts,
  ) {
    const { kernel, catalogue } = context;
    this.context = context;
    this.handle = handle;
    this.revision = revision;
    this.#send = send;
    this.client = new ClientSide(kernel, handle, declared, revision, stray);
    this.form = formOf(revision);
    this.links = new SessionLinks(
      (server) => askable(kernel, handle, server, declared),
      (link, upstream) => this.#opened(link, upstream),
    );
    this.tasks = new SessionTasks(context.limits.maxTasks, context.taskRoom, (text) => this.#tell(text));
    this.runsTasks = offersTasks(revision, catalogue);
    this.catalogue = new SessionCatalogue(catalogue, this.links);
    this.following = new Following((server, uri) => this.#updated(server, uri));
    this.#stops.push(
      catalogue.onChange((kinds) => {
        for (const text of changeTexts(kinds)) this.#tell(text);
      }),
    );
  }

  /** What the client wants to hear from now on, told to the servers that serve it alone. */
  set logLevel(level: LogLevel) {
    this.client.logLevel = level;
    this.#logLevelSet = true;
    for (const { link, upstream } of this.links.own()) this.#tellLogLevel(link, upstream);
  }

  /** Whether everything that has been agreed on with the client is known to other processes as well. */
  get isMovable(): boolean {
    return !this.#logLevelSet && this.tasks.isEmpty && this.following.isEmpty && this.client.asking === 0;
  }

  /** The roots of the client changed: told to the servers that may ask for them. */
  rootsChanged(): void {
    const { kernel } = this.context;
    for (const { link, upstream } of this.links.own()) {
      const { roots } = askable(kernel, this.handle, upstream.name, this.client.declared);
      if (roots !== undefined) link.tell('notifications/roots/list_changed');
    }
  }

  /** Hears from now on what the server tells over a line that belongs to no request. */
  hear(link: UpstreamLink, upstream: UpstreamServer): void {
    if (this.#heard.has(link)) return;
    this.#heard.add(link);
    this.#stops.push(link.onNotice((notice) => this.#noticed(notice, upstream)));
  }

  /** Stops listening to servers and gives up what goes on, before the last requests are answered. */
  mute(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.tasks.cancelAll();
  }

  /** Ends what servers hold for this session. Never rejects. */
  async close(): Promise<void> {
    await this.tasks.ended();
    await Promise.all([this.following.close(), this.links.close()]);
  }

  #opened(link: UpstreamLink, upstream: UpstreamServer): void {
    this.hear(link, upstream);
    if (this.#logLevelSet) this.#tellLogLevel(link, upstream);
  }

  #tellLogLevel(link: UpstreamLink, upstream: UpstreamServer): void {
    if (!offersService(upstream, 'logging') || upstream.description?.era === 'modern') return;
    // What a server makes of it is its own affair: what is too little severe is not relayed in any case.
    link.request('logging/setLevel', { level: this.client.logLevel }, TELL_LIMITS).catch(() => {});
  }

  #noticed({ method, params }: Notice, { name }: UpstreamServer): void {
    switch (method) {
      case 'notifications/message':
        return this.#log(params);
      case 'notifications/elicitation/complete': {
        const elicitationId = String(params['elicitationId']);
        // SECURITY: of a page that this client was not sent to by this server it hears nothing.
        if (!this.client.pages.complete(name, elicitationId)) return;
        return this.#tell(notificationText(method, { elicitationId }));
      }
      case 'notifications/resources/list_changed':
        if (this.catalogue.changed(name)) this.#tell(notificationText(method));
        return;
      case 'notifications/tasks/status':
        return this.tasks.changed(name, String(params['taskId']));
    }
  }

  #log(params: JsonObject): void {
    // No decision says anything about what belongs to no request: personal data has no place there (MCP, logging).
    const message = logMessageText(params, this.client.logLevel, this.context.kernel.strayMasks());
    if (message === 'unwanted') return;
    if (message === 'unfit') this.client.stray.dropped++;
    else this.#tell(message.text);
  }

  #updated(server: string, uri: string): void {
    const resource = { kind: 'resource', server, name: uri } as const;
    // SECURITY: what may not be read any more is not told of either.
    if (!this.context.kernel.visible(this.handle, 'resources/read', resource)) return;
    this.#tell(notificationText('notifications/resources/updated', { uri }));
  }

  #tell(text: string): void {
    if (!this.#send(text)) this.client.stray.dropped++;
  }
}
