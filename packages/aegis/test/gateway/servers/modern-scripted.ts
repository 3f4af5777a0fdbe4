// A stdio server of the stateless revision, written by hand, so that it can do what a library would not.
import { createInterface } from 'node:readline';

const flags = new Set(process.argv.slice(2));
const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

const write = (message: unknown): void => {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...(message as object) })}\n`);
};
const text = (value: string) => ({ content: [{ type: 'text', text: value }] });
const listens = new Set<string | number>();
const cancelled: unknown[] = [];

function notifyAll(method: string, params: object = {}): void {
  for (const id of listens) write({ method, params: { ...params, _meta: { [SUBSCRIPTION]: id } } });
}

const tools: Record<string, (id: number | string, args: Record<string, string>) => unknown> = {
  pid: () => text(String(process.pid)),
  echo: (_, args) => text(String(args['text'])),
  environment: () => text(JSON.stringify(process.env)),
  silence: () => undefined,
  cancelled: () => text(JSON.stringify(cancelled)),
  listens: () => text(JSON.stringify([...listens])),
  die: () => process.exit(1),
  touch: (_, args) => {
    notifyAll('notifications/resources/updated', { uri: args['uri'] });
    return text('touched');
  },
  stray: () => {
    write({ id: 1, method: 'sampling/createMessage', params: {} });
    write({ method: 'notifications/tools/list_changed' });
    write({ method: 'notifications/tools/list_changed', params: { _meta: { [SUBSCRIPTION]: 'listen-99' } } });
    write({ id: 'listen-99', result: {} });
    process.stdout.write('Server listening!\n');
    return text('done');
  },
  log: () => {
    write({ method: 'notifications/message', params: { level: 'info', data: 'logged' } });
    return text('done');
  },
  big: (_, args) => text('x'.repeat(Number(args['bytes']))),
  'end-listening': () => {
    for (const id of listens)
      write({ id, result: { resultType: 'complete', _meta: { [SUBSCRIPTION]: id } } });
    listens.clear();
    return text('ended');
  },
};

function answer({ id = '', method, params = {} }: Message): void {
  switch (method) {
    case 'initialize':
      if (flags.has('--silent')) return;
      return write({ id, error: { code: -32601, message: 'only 2026-07-28 is spoken here' } });
    case 'server/discover':
      if (flags.has('--no-discover')) return;
      return write({
        id,
        result: {
          resultType: 'complete',
          supportedVersions: ['2026-07-28'],
          capabilities: { tools: { listChanged: true }, resources: { subscribe: true } },
        },
      });
    case 'tools/call': {
      const result = tools[String(params['name'])]?.(
        id,
        (params['arguments'] ?? {}) as Record<string, string>,
      );
      if (result !== undefined) write({ id, result });
      return;
    }
    case 'subscriptions/listen':
      listens.add(id);
      return write({
        method: 'notifications/subscriptions/acknowledged',
        params: { notifications: params['notifications'], _meta: { [SUBSCRIPTION]: id } },
      });
    default:
      return write({ id, error: { code: -32601, message: 'no such method' } });
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line) as Message;
  if (message.method === 'notifications/cancelled') {
    const { requestId } = message.params ?? {};
    cancelled.push(requestId);
    listens.delete(requestId as string);
  }
  if (message.id !== undefined) answer(message);
});
