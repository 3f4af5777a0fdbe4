import type { Need } from './attempt.ts';
import type { Journal } from './canary/journal.ts';
import { OPEN_URI } from './canary/world.ts';
import type { Client } from './door/client.ts';
import { Composer } from './door/compose.ts';
import { type Door, isStateless, nameOf } from './door/door.ts';
import { StreamableClient } from './door/http-client.ts';
import { isSuccess, type Message, textOf } from './door/message.ts';
import { type Names, namesFrom, OWN_NAMES } from './door/names.ts';
import { SseClient } from './door/sse-client.ts';
import { StdioClient } from './door/stdio-client.ts';

/** The gateway under test, and how to reach it. */
export interface Gateway {
  readonly url?: URL;
  /** Where the stream of 2024-11-05 is opened. */
  readonly sseUrl?: URL;
  /** What serves one client on its standard input and output. */
  readonly command?: readonly [string, ...string[]];
  readonly token?: string;
  /** How long an answer is waited for, in milliseconds, before silence counts as one; default 4 s. */
  readonly silenceMs?: number;
  /** The token of a second caller, who has the same rights. */
  readonly otherToken?: string;
}

export type Who = 'caller' | 'other';

/** One door of a gateway, opened: what it offers, and clients of it. */
export class Ground {
  readonly gateway: Gateway;
  readonly door: Door;
  readonly journal: Journal;
  #names: Names = OWN_NAMES;
  #offers: ReadonlySet<Need> = new Set();
  #process: StdioClient | undefined;
  #regular: Client | undefined;
  #clients = 0;

  constructor(gateway: Gateway, door: Door, journal: Journal) {
    this.gateway = gateway;
    this.door = door;
    this.journal = journal;
  }

  /** What the gateway has at this door. */
  get offers(): ReadonlySet<Need> {
    return this.#offers;
  }

  /** Finds out whether the door is there and what lies behind it; says why not. */
  async open(): Promise<string | undefined> {
    const client = await this.client();
    if (client === undefined) return 'not offered';
    const names = namesFrom(
      await listed(client, 'tools/list', 'tools'),
      await listed(client, 'prompts/list', 'prompts'),
    );
    if (names === undefined) return 'offered, without the tools of the canary';
    this.#names = names;
    await this.release(client);
    this.#offers = await this.#found();
    return this.#offers.size === 0 ? 'offered, but the permitted tool cannot be called' : undefined;
  }

  /** A client of its own; over a pair of streams, the one client that there is. */
  async client(who: Who = 'caller'): Promise<Client | undefined> {
    const { url, sseUrl, command, token, otherToken, silenceMs = 4_000 } = this.gateway;
    const compose = new Composer(this.door, () => this.#names, `c${++this.#clients}`);
    const of = who === 'caller' ? token : otherToken;
    switch (this.door.carrier) {
      case 'http':
        return url && connected(new StreamableClient(this.door, compose, { url, token: of, silenceMs }));
      case 'sse':
        return sseUrl && connected(new SseClient(this.door, compose, { url: sseUrl, token: of, silenceMs }));
      case 'stdio': {
        if (command === undefined || who === 'other') return undefined;
        if (this.#process?.isAlive === true) return this.#process;
        this.#process = new StdioClient(this.door, compose, { command, silenceMs });
        return connected(this.#process);
      }
    }
  }

  /** The client that makes one attempt after the other. */
  async regular(): Promise<Client | undefined> {
    this.#regular ??= await this.client();
    return this.#regular;
  }

  /** Whether a permitted call still comes through; one call, and one only. */
  async alive(nonce: string): Promise<boolean> {
    const client = await this.regular();
    const text = `noted ${nonce}`;
    const shot = client?.compose.call('open_note', { nonce });
    const outcome = shot && (await client?.fire(shot));
    if (outcome?.messages.some((message) => isSuccess(message) && textOf(message) === text) === true)
      return true;
    // Whoever comes next has a new one.
    this.#regular = undefined;
    return false;
  }

  /** Ends a client, unless it is the regular one, or the only one that there can be. */
  async release(client: Client): Promise<void> {
    if (client !== this.#process && client !== this.#regular) await client.close();
  }

  async close(): Promise<void> {
    await this.#regular?.close();
    await this.#process?.close();
  }

  async #found(): Promise<ReadonlySet<Need>> {
    const client = await this.client();
    if (client === undefined) return new Set();
    const { compose } = client;
    const succeeds = async (shot: ReturnType<Composer['read']>): Promise<boolean> =>
      (await client.fire(shot)).messages.some(isSuccess);
    if (!(await succeeds(compose.call('open_note', { nonce: 'found' })))) return new Set();
    const ref = { type: 'ref/prompt', name: compose.promptName('open_prompt') };
    const argument = { name: 'word', value: 'a' };
    const found: [Need, boolean][] = [
      ['token', this.gateway.token !== undefined && this.door.carrier !== 'stdio'],
      ['other caller', this.gateway.otherToken !== undefined && this.door.carrier !== 'stdio'],
      ['session', 'session' in client && client.session !== undefined],
      ['neighbour', await succeeds(compose.call('plain_note', { nonce: 'found' }))],
      ['composite', await succeeds(compose.call('both_note', { nonce: 'found' }))],
      ['prompts', await succeeds(compose.prompt('open_prompt'))],
      ['resources', await succeeds(compose.read(OPEN_URI))],
      ['completion', await succeeds(compose.request('completion/complete', { ref, argument }))],
      [
        'subscriptions',
        isStateless(this.door) || (await succeeds(compose.request('resources/subscribe', { uri: OPEN_URI }))),
      ],
    ];
    await this.release(client);
    return new Set(found.flatMap(([need, there]) => (there ? [need] : [])));
  }

  toString(): string {
    return nameOf(this.door);
  }
}

/** The client when it got in; what did not get in is closed. */
async function connected<T extends Client & { connect(): Promise<boolean> }>(
  client: T,
): Promise<T | undefined> {
  if (await client.connect()) return client;
  await client.close();
  return undefined;
}

/** The names of everything that a list has, on whatever pages. */
async function listed(client: Client, method: string, key: string): Promise<readonly string[]> {
  const names: string[] = [];
  let cursor: unknown;
  for (let page = 0; page < 50; page++) {
    const { messages } = await client.fire(
      client.compose.request(method, cursor === undefined ? {} : { cursor }),
    );
    const result: Message['result'] = messages.find(isSuccess)?.result;
    const items = (result?.[key] ?? []) as readonly { readonly name: string }[];
    names.push(...items.map(({ name }) => name));
    cursor = result?.['nextCursor'];
    if (typeof cursor !== 'string') break;
  }
  return names;
}
