// A stdio server of the stateless revision, written by hand, that asks inside its results.
import { createInterface } from 'node:readline';

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** No reader of it may change a letter. */
const STATE = 'eyJhIjoxfQ==. "é\\u00e9"\t{"b":[1,2.50]}';

const FORM = {
  method: 'elicitation/create',
  params: { mode: 'form', message: 'who?', requestedSchema: { type: 'object', properties: {} } },
};
const ROOTS = { method: 'roots/list' };
const SAMPLING = { method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } };

const needs = (inputRequests?: object, requestState?: string) => ({
  resultType: 'input_required',
  ...(inputRequests === undefined ? {} : { inputRequests }),
  ...(requestState === undefined ? {} : { requestState }),
});
const done = (value: unknown) => ({
  resultType: 'complete',
  ttlMs: 1_000,
  content: [{ type: 'text', text: JSON.stringify(value) }],
});

const ids: unknown[] = [];
let rounds = 0;

const tools: Record<string, (params: Readonly<Record<string, unknown>>) => object> = {
  both: ({ name, arguments: args, inputResponses, requestState }) =>
    inputResponses === undefined
      ? needs({ form: FORM, roots: ROOTS, ['__proto__']: FORM }, STATE)
      : done({ name, args, inputResponses, same: requestState === STATE, ids }),
  'state-only': ({ requestState }) =>
    requestState === undefined ? needs(undefined, STATE) : done('resumed'),
  'no-state': (params) =>
    params['inputResponses'] === undefined
      ? needs({ form: FORM })
      : done(Object.hasOwn(params, 'requestState')),
  endless: () => {
    rounds++;
    return needs({ form: FORM }, `round ${rounds}`);
  },
  rounds: () => done(rounds),
  strange: () => ({ resultType: 'half', content: [] }),
  nothing: () => needs(),
  'not-offered': () => needs({ sampling: SAMPLING }),
  'too-many': () => needs(Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`q${i}`, FORM]))),
};

function answer({ method, params = {} }: Message): object {
  switch (method) {
    case 'server/discover':
      return { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} } };
    case 'tools/list':
      return {
        resultType: 'complete',
        ttlMs: 0,
        cacheScope: 'private',
        tools: Object.keys(tools).map((name) => ({
          name,
          inputSchema: { type: 'object' },
          outputSchema: { type: 'array' },
        })),
      };
    default:
      return tools[String(params['name'])]?.(params) ?? done('no such tool');
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line) as Message;
  const { id } = message;
  if (id === undefined) return;
  if (message.method === 'tools/call') ids.push(id);
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: answer(message) })}\n`);
});
