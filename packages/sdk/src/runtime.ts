import type { Action } from './action.ts';
import { DaemonDoor } from './daemon-door.ts';
import type { Denial, Door, Handoff, HandoffRequest, Outcome, Proposal, Receipt } from './door.ts';
import { AegisRequestError } from './errors.ts';
import type { ActionOptions, Executor } from './execution.ts';
import type { DaemonOptions } from './http.ts';
import { asJsonObject, type Json } from './json.ts';
import { failure, inTime, textOf } from './outcome.ts';
import { carryOutPlan, type Plan, type PlanOptions, type PlanResult } from './plan.ts';
import type { Result } from './result.ts';

/** Hears what happens. One that throws keeps an action from being carried out, or fails its result. */
export interface Hooks {
  readonly onProposed?: (action: Action) => void | Promise<void>;
  readonly onAllowed?: (action: Action, id: string) => void | Promise<void>;
  readonly onResult?: (result: Result) => void | Promise<void>;
}

/** A daemon, or a door that was opened already: `{ door: await openEmbedded(...) }`. */
export type RuntimeOptions = (DaemonOptions | { readonly door: Door }) & {
  /** How actions are carried out, by type. */
  readonly executors?: Readonly<Record<string, Executor>>;
  readonly hooks?: Hooks;
  /** What the program calls itself: recorded, never believed. */
  readonly client?: string;
  /** The program's own id for this run. */
  readonly run?: string;
  /** A handoff token: the session acts on behalf of the one that it comes from. */
  readonly handoff?: string;
};

/**
 * Governs the actions of an agent's own code: each is proposed, carried out only when it is allowed, and
 * its outcome recorded. One runtime is one session; the state is kept by Aegis.
 */
export class AegisRuntime implements AsyncDisposable {
  readonly #door: Door;
  readonly #options: RuntimeOptions;
  #session: Promise<string> | undefined;

  constructor(options: RuntimeOptions) {
    this.#options = options;
    this.#door = 'door' in options ? options.door : new DaemonDoor(options);
  }

  /** The id of the session, which is opened when it is first needed. */
  session(): Promise<string> {
    if (this.#session === undefined) {
      const { client, run, handoff } = this.#options;
      const opening = this.#door.open({
        ...(client === undefined ? {} : { client }),
        ...(run === undefined ? {} : { run }),
        ...(handoff === undefined ? {} : { handoff }),
      });
      // One that could not be opened is tried again.
      opening.catch(() => {
        this.#session = undefined;
      });
      this.#session = opening;
    }
    return this.#session;
  }

  /**
   * Takes one action through Aegis. Rejects with `AegisRequestError` when Aegis cannot be asked: then nothing ran,
   * but where it says `ran`.
   */
  async runOne(action: Action, options: ActionOptions = {}): Promise<Result> {
    const result = await this.#run(action, options);
    if (options.dryRun !== true) await this.#options.hooks?.onResult?.(result);
    return result;
  }

  /** Takes the steps of a plan through Aegis: see `Plan`. */
  execute(plan: Plan, options: PlanOptions = {}): Promise<PlanResult> {
    return carryOutPlan(this, plan, options);
  }

  /** How an action is carried out. Throws a `TypeError` when nothing says it. */
  executorOf({ type }: Action, given?: Executor): Executor {
    const { executors = {} } = this.#options;
    const executor = given ?? (Object.hasOwn(executors, type) ? executors[type] : undefined);
    if (executor !== undefined) return executor;
    throw new TypeError(`nothing says how an action \`${type}\` is carried out: give an executor`);
  }

  /** Puts on record what the agent says of itself: model calls, memory, handoffs. */
  async note(type: string, payload: Readonly<Record<string, Json>>): Promise<void> {
    await this.#door.note(await this.session(), type, payload);
  }

  /** Lets another agent act on behalf of this session, within what both may. */
  async handOff(request: HandoffRequest): Promise<Handoff> {
    return this.#door.handOff(await this.session(), request);
  }

  /** Ends the session. */
  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    this.#session = undefined;
    if (session !== undefined) await this.#door.end(session);
    await this.#door.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run(
    action: Action,
    { execute, wait = true, dryRun = false, signal }: ActionOptions,
  ): Promise<Result> {
    const { type, target, params } = action;
    if (dryRun) {
      const decision = await this.#door.decide({ type, target, params });
      return { status: 'skipped', action, why: 'this is a dry run', decision };
    }
    const executor = this.executorOf(action, execute);
    await this.#options.hooks?.onProposed?.(action);
    const session = await this.session();
    const proposal = await this.#door.propose(session, { type, target, params, wait }, signal);
    if (proposal.status === 'denied') return refused(action, proposal.denial, false);
    return this.#carryOut(action, proposal, executor);
  }

  async #carryOut(
    action: Action,
    { action: id, params, timeout_ms }: Extract<Proposal, { status: 'allowed' }>,
    executor: Executor,
  ): Promise<Result> {
    let outcome: Outcome;
    try {
      await this.#options.hooks?.onAllowed?.(action, id);
      const value = await inTime(timeout_ms, (signal) => executor(params, { action, signal }));
      outcome = { outcome: 'success', result: asJsonObject(value) };
    } catch (error) {
      outcome = failure(error);
    }
    const receipt = await this.#report(id, outcome);
    switch (receipt.status) {
      case 'recorded':
        return { status: 'success', action, value: receipt.result, id };
      case 'failed':
        return { status: 'failed', action, error: receipt.error, id };
      case 'withheld':
        return refused(action, receipt.denial, true);
    }
  }

  /** Reports an outcome; one that cannot be recorded as it is, as failed. */
  async #report(id: string, outcome: Outcome): Promise<Receipt> {
    try {
      return await this.#door.report(id, outcome);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'NOT_FOUND') {
        return { status: 'failed', error: 'it was reported too late, and is on record as not reported' };
      }
      const isRefused = code === 'INPUT_INVALID' || code === 'INPUT_TOO_LARGE';
      if (isRefused && outcome.outcome === 'success') {
        return this.#report(id, failure(`what it gave cannot be recorded: ${textOf(error)}`));
      }
      throw new AegisRequestError('the action ran, and Aegis could not be told what came of it', {
        status: error instanceof AegisRequestError ? error.status : 0,
        ...(typeof code === 'string' ? { code } : {}),
        ran: true,
        cause: error,
      });
    }
  }
}

const BY_PEOPLE = new Set(['APPROVAL_DENIED', 'APPROVAL_EXPIRED']);

function refused(action: Action, denial: Denial, ran: boolean): Result {
  return BY_PEOPLE.has(denial.code)
    ? { status: 'denied', action, denial }
    : { status: 'blocked', action, denial, ran };
}
