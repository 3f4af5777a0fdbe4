import type { Journal } from './journal.ts';
import { isSecretUri, lenientName, lenientText, lenientUri } from './lenient.ts';
import { pageOf, promptsOf, resourcesOf, templatesOf, toolsOf } from './offers.ts';
import { type CallOutcome, callTool, type Toolbox } from './tools.ts';
import { Tasks } from './tasks.ts';
import { type CanaryName, MARK, OPEN_URI } from './world.ts';

export interface Params {
  readonly name?: unknown;
  readonly uri?: unknown;
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly cursor?: unknown;
  readonly ref?: { readonly name?: unknown; readonly uri?: unknown };
  readonly requestState?: unknown;
  readonly task?: unknown;
  readonly taskId?: unknown;
  readonly inputResponses?: unknown;
}

export interface Request {
  readonly id: string | number;
  readonly method: string;
  readonly params: Params;
}

/** The line on which a request came. */
export interface Line {
  readonly stateless: boolean;
  /** Everything that was presented with the request, credentials included. */
  readonly presented: string;
  /** The client's own bearer token came along. */
  readonly bearer: boolean;
  /** The answers to all requests come on this one line. */
  readonly shared: boolean;
  /** Sends a message on the line of the request, before its answer. */
  say(message: object): void;
  /** Asks whoever is at the other end and waits a little while for the answer. */
  ask(method: string, params: object): Promise<unknown>;
}

/** Hears what belongs to no request. */
export type Listener = (message: object) => void;

/**
 * An MCP server that believes everything it is told, and writes down what it was made to do. It takes no
 * part in the defence: whatever the policy forbids, it does.
 */
export class Canary {
  readonly name: CanaryName;
  readonly #journal: Journal;
  readonly #listeners = new Set<Listener>();
  readonly #tasks = new Tasks();
  #changed = false;

  constructor(name: CanaryName, journal: Journal) {
    this.name = name;
    this.#journal = journal;
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get capabilities(): object {
    return {
      tools: { listChanged: true },
      prompts: { listChanged: true },
      resources: { subscribe: true, listChanged: true },
      completions: {},
      tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
    };
  }

  /** The answer: `{ result }` or `{ error }`, or several, one after the other. */
  async answer({ id, method, params }: Request, line: Line): Promise<readonly object[]> {
    const outcome = await this.#outcome(id, method, params, line);
    const all: readonly object[] = [outcome].flat();
    return all.map((one) => Object.assign({ jsonrpc: '2.0', id }, one));
  }

  async #outcome(
    id: string | number,
    method: string,
    params: Params,
    line: Line,
  ): Promise<object | readonly object[]> {
    const { cursor } = params;
    switch (lenientName(lenientText(method))) {
      case 'ping':
        return { result: {} };
      case 'tools/list':
        return { result: pageOf('tools', toolsOf(this.name, this.#changed), cursor) };
      case 'prompts/list':
        return { result: pageOf('prompts', promptsOf(this.name), cursor) };
      case 'resources/list':
        return { result: pageOf('resources', resourcesOf(this.name), cursor) };
      case 'resources/templates/list':
        return { result: pageOf('resourceTemplates', templatesOf(this.name), cursor) };
      case 'tools/call':
        return params.task === undefined || line.stateless
          ? this.#call(id, params, line)
          : this.#tasks.begin(await this.#call(id, params, line));
      case 'tasks/get':
      case 'tasks/cancel':
        return this.#tasks.get(params.taskId);
      case 'tasks/result':
        return this.#tasks.result(params.taskId);
      case 'tasks/list':
        return this.#tasks.list();
      case 'prompts/get':
        return this.#prompt(params, line);
      case 'resources/read':
        return this.#read(params, line);
      case 'resources/subscribe':
        return this.#subscribe(params, line);
      case 'resources/unsubscribe':
        return { result: {} };
      case 'completion/complete':
        return this.#complete(params, line);
      default:
        return { error: { code: -32601, message: 'no such method' } };
    }
  }

  #call(id: string | number, params: Params, line: Line): Promise<CallOutcome> {
    const name = lenientName(lenientText(params.name));
    const toolbox: Toolbox = {
      server: this.name,
      id,
      params,
      line,
      changed: this.#changed,
      wrote: (forbidden) =>
        this.#wrote(line, 'tools/call', name, forbidden, lenientText(params.arguments?.['nonce'] ?? '')),
      change: (changed) => {
        this.#changed = changed;
        this.#tell({ method: 'notifications/tools/list_changed' });
      },
      tell: (message) => this.#tell(message),
    };
    return callTool(name, toolbox);
  }

  #prompt({ name }: Params, line: Line): object {
    const meant = lenientName(lenientText(name));
    const forbidden = meant !== 'open_prompt';
    this.#wrote(line, 'prompts/get', meant, forbidden);
    const text = forbidden ? MARK : 'a prompt';
    return { result: { messages: [{ role: 'user', content: { type: 'text', text } }] } };
  }

  #read({ uri }: Params, line: Line): object {
    const forbidden = this.#forbids(lenientText(uri));
    this.#wrote(line, 'resources/read', lenientUri(lenientText(uri)), forbidden);
    return { result: { contents: [{ uri: lenientText(uri), text: forbidden ? MARK : 'open' }] } };
  }

  #subscribe({ uri }: Params, line: Line): object {
    this.#wrote(line, 'resources/subscribe', lenientUri(lenientText(uri)), this.#forbids(lenientText(uri)));
    return { result: {} };
  }

  /** Follows every resource that a stateless client listens to. */
  listened(uris: readonly unknown[], line: Line): void {
    for (const uri of uris) this.#subscribe({ uri }, line);
  }

  #complete({ ref }: Params, line: Line): object {
    const { name, uri } = ref ?? {};
    const forbidden =
      uri === undefined ? lenientName(lenientText(name)) !== 'open_prompt' : this.#forbids(lenientText(uri));
    this.#wrote(line, 'completion/complete', lenientText(name ?? uri), forbidden);
    return { result: { completion: { values: [forbidden ? MARK : 'a word'] } } };
  }

  #forbids(uri: string): boolean {
    return this.name === 'neighbour' || isSecretUri(uri) || !lenientUri(uri).startsWith(OPEN_URI);
  }

  #wrote({ bearer }: Line, method: string, name: string, forbidden: boolean, nonce = ''): void {
    this.#journal.write({ server: this.name, method, name, nonce, forbidden, bearer });
  }

  #tell(message: object): void {
    for (const listener of this.#listeners) listener({ jsonrpc: '2.0', ...message });
  }
}
