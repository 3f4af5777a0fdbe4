import { TARGET_HEADER } from '../canary/world.ts';
import { type Door, isStateless } from './door.ts';
import type { Id } from './message.ts';
import type { Names } from './names.ts';
import { type Mirror, type Shot, UNANSWERED } from './shot.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Everything that a client could be asked: what is not asked is then the gateway's doing. */
export const CAPABILITIES = {
  sampling: {},
  elicitation: { form: {}, url: {} },
  roots: { listChanged: true },
} as const;

const META = 'io.modelcontextprotocol/';
const CLIENT = { name: 'bypass', version: '1.0.0' } as const;

/** Writes messages that are right for a door; attempts then make them wrong. */
export class Composer {
  readonly #door: Door;
  readonly #names: () => Names;
  readonly #meta: Fields;
  readonly tag: string;
  #last = 0;

  /** `tag` makes ids unlike those of any other client. */
  constructor(door: Door, names: () => Names, tag: string) {
    this.#door = door;
    this.#names = names;
    this.tag = tag;
    this.#meta = isStateless(door)
      ? {
          [`${META}protocolVersion`]: door.revision,
          [`${META}clientInfo`]: CLIENT,
          [`${META}clientCapabilities`]: CAPABILITIES,
        }
      : {};
  }

  nextId(): Id {
    return `${this.tag}-${++this.#last}`;
  }

  request(method: string, params: Fields = {}, id: Id = this.nextId()): Shot {
    const body = JSON.stringify({ jsonrpc: '2.0', id, method, params: this.#with(params) });
    return { body, id, mirror: mirrorOf(method, params) };
  }

  /** What the gateway calls a tool, by the canary's own name for it. */
  tool(own: string): string {
    return this.#names().tool(own);
  }

  promptName(own: string): string {
    return this.#names().prompt(own);
  }

  /** A tool by the canary's own name for it. */
  call(tool: string, args: Fields = {}, { id = this.nextId(), ...more }: { id?: Id } & Fields = {}): Shot {
    return this.request('tools/call', { name: this.tool(tool), arguments: args, ...more }, id);
  }

  prompt(name: string): Shot {
    return this.request('prompts/get', { name: this.promptName(name) });
  }

  read(uri: string): Shot {
    return this.request('resources/read', { uri });
  }

  /** A message that names no request, and has no answer. */
  notification(method: string, params: Fields = {}): Shot {
    const body = JSON.stringify({ jsonrpc: '2.0', method, params });
    return { body, id: UNANSWERED, mirror: mirrorOf(method, params) };
  }

  initialize(): Shot {
    return this.request('initialize', {
      protocolVersion: this.#door.revision,
      capabilities: CAPABILITIES,
      clientInfo: CLIENT,
    });
  }

  #with(params: Fields): Fields {
    if (!isStateless(this.#door)) return params;
    return { ...params, _meta: { ...(params['_meta'] as Fields | undefined), ...this.#meta } };
  }
}

function mirrorOf(method: string, params: Fields): Mirror {
  const name = params['name'] ?? params['uri'];
  const target = (params['arguments'] as Fields | undefined)?.['target'];
  return {
    method,
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof target === 'string' ? { params: { [TARGET_HEADER]: target } } : {}),
  };
}
