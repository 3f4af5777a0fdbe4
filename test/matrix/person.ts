export type ClientRequest = 'sampling/createMessage' | 'elicitation/create' | 'roots/list';

/** Whoever sits before a client and is asked, always giving the same answers; remembers what was asked. */
export class Person {
  readonly asked: { readonly method: ClientRequest; readonly params: unknown }[] = [];

  answer(method: ClientRequest, params: unknown): never {
    this.asked.push({ method, params: plain(params) });
    return ANSWERS[method] as never;
  }
}

const ANSWERS: Readonly<Record<ClientRequest, unknown>> = {
  'sampling/createMessage': {
    model: 'matrix',
    role: 'assistant',
    content: { type: 'text', text: 'sampled' },
    stopReason: 'endTurn',
  },
  'elicitation/create': { action: 'accept', content: { name: 'Ada', check: true, integer: 7 } },
  'roots/list': { roots: [{ uri: 'file:///work', name: 'work' }] },
};

/** What a client of each era calls the capability. */
export const CAPABILITIES = {
  sampling: {},
  elicitation: { form: {} },
  roots: { listChanged: true },
} as const;

/** Without what belongs to the message and not to the question. */
function plain(params: unknown): unknown {
  const { _meta: _, ...rest } = (params ?? {}) as Record<string, unknown>;
  return rest;
}
