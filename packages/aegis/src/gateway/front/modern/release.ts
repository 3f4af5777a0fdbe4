import type { Kernel, SessionHandle } from '../../../enforce/door.ts';
import type { UpstreamReply } from '../../../ports.ts';
import { DENIED, INTERNAL_ERROR } from '../../jsonrpc.ts';
import { answers, governAsk } from '../ask.ts';
import { missingCapability } from './relayed-error.ts';
import type { Question } from './questions.ts';
import type { JsonObject } from '@aegis/core';

/** Who is asked, in which session, by which server. */
export interface Asked {
  readonly kernel: Kernel;
  readonly handle: SessionHandle;
  readonly server: string;
  /** What the client declared that it can be asked. */
  readonly declared: JsonObject;
  readonly signal: AbortSignal;
}

type ErrorReply = Extract<UpstreamReply, { kind: 'error' }>;

/**
 * Judges the questions of one result, each with a decision and an outcome of its own. Undefined when all of
 * them may be shown to the client; else the error that the call ends with.
 *
 * SECURITY: nothing of a result is shown before every question in it is allowed and recorded.
 */
export async function release(asked: Asked, questions: readonly Question[]): Promise<ErrorReply | undefined> {
  const undeclared = questions.find(({ method, params }) => !answers(asked.declared, method, params));
  if (undeclared !== undefined) return refuseUndeclared(asked, undeclared);
  const { promise: all, resolve: release } = Promise.withResolvers<boolean>();
  const judged = questions.map((question) => judge(asked, question, all));
  const decisions = await Promise.all(judged.map(({ allowed }) => allowed));
  release(decisions.every(Boolean));
  // INVARIANT: what was released is recorded as released before the client sees it.
  const outcomes = await Promise.all(judged.map(({ outcome }) => outcome));
  return outcomes.every(({ kind }) => kind === 'result') ? undefined : MAY_NOT_ASK;
}

const MAY_NOT_ASK: ErrorReply = {
  kind: 'error',
  code: DENIED,
  message: 'the server needs to ask what the client may not be asked',
};

const RELAYED: UpstreamReply = { kind: 'result', result: { relayed: true }, bytes: 0 };
const WITHHELD: UpstreamReply = {
  kind: 'error',
  code: INTERNAL_ERROR,
  message: 'not relayed: another question of the same result may not be asked',
};

interface Judged {
  readonly allowed: Promise<boolean>;
  readonly outcome: Promise<UpstreamReply>;
}

function judge(
  { kernel, handle, server, signal }: Asked,
  { method, params }: Question,
  all: Promise<boolean>,
): Judged {
  const { promise: allowed, resolve } = Promise.withResolvers<boolean>();
  const outcome = governAsk(kernel, handle, server, { method, params, signal }, async () => {
    resolve(true);
    return (await all) ? RELAYED : WITHHELD;
  });
  void outcome.then(() => resolve(false));
  return { allowed, outcome };
}

/** The capability that a client lacks for each kind of question. */
const CAPABILITY_OF: ReadonlyMap<string, JsonObject> = new Map([
  ['sampling/createMessage', { sampling: {} }],
  ['elicitation/create', { elicitation: {} }],
  ['roots/list', { roots: {} }],
]);

async function refuseUndeclared({ kernel, handle }: Asked, { method }: Question): Promise<ErrorReply> {
  const why = 'a server asked what this client does not offer';
  await kernel.refuse(handle, method, 'PROTOCOL_VIOLATION', why);
  const capability = CAPABILITY_OF.get(method);
  return capability === undefined
    ? { kind: 'error', code: INTERNAL_ERROR, message: why }
    : missingCapability(capability, 'the server needs a client capability that this client did not declare');
}
