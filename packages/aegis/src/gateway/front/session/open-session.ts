import { type JsonObject, PII_KINDS } from '@aegis/core';
import type { SessionHandle } from '../../../enforce/door.ts';
import { notificationText } from '../../jsonrpc.ts';
import type { UpstreamLink, UpstreamServer } from '../../upstream/server.ts';
import { askable } from '../ask.ts';
import { changeTexts } from '../changes.ts';
import type { Send } from '../channel.ts';
import { ClientSide } from './client-side.ts';
import type { FrontContext } from './context.ts';
import { Following } from '../following.ts';
import type { Opening } from './initialize.ts';
import { SessionLinks } from '../links.ts';
import type { LogLevel } from '../log-level.ts';
import { logMessageText } from '../log-message.ts';
import { offersService } from '../offered.ts';
import { formOf, type RevisionForm } from './older-forms.ts';
import type { FrontStrayCounts } from './stray.ts';

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
  readonly following: Following;
  /** Sends what belongs to no request. */
  readonly #send: Send;
  readonly #stops: (() => void)[] = [];
  #logLevelSet = false;

  constructor(
    context: FrontContext,
    handle: SessionHandle,
    { revision, declared }: Opening,
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

  /** The roots of the client changed: told to the servers that may ask for them. */
  rootsChanged(): void {
    const { kernel } = this.context;
    for (const { link, upstream } of this.links.own()) {
      const { roots } = askable(kernel, this.handle, upstream.name, this.client.declared);
      if (roots !== undefined) link.tell('notifications/roots/list_changed');
    }
  }

  /** Stops listening to servers, before the last requests are answered. */
  mute(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Ends what servers hold for this session. Never rejects. */
  async close(): Promise<void> {
    await Promise.all([this.following.close(), this.links.close()]);
  }

  #opened(link: UpstreamLink, upstream: UpstreamServer): void {
    this.#stops.push(link.onLog((params) => this.#log(params)));
    if (this.#logLevelSet) this.#tellLogLevel(link, upstream);
  }

  #tellLogLevel(link: UpstreamLink, upstream: UpstreamServer): void {
    if (!offersService(upstream, 'logging') || upstream.description?.era === 'modern') return;
    // What a server makes of it is its own affair: what is too little severe is not relayed in any case.
    link.request('logging/setLevel', { level: this.client.logLevel }, TELL_LIMITS).catch(() => {});
  }

  #log(params: JsonObject): void {
    // No decision says anything about what belongs to no request: personal data has no place there (MCP, logging).
    const message = logMessageText(params, this.client.logLevel, PII_KINDS);
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
