import type { Action } from './action.ts';
import type { ActionOptions, Executor } from './execution.ts';
import type { JsonObject } from './json.ts';
import { textOf } from './outcome.ts';
import type { Result } from './result.ts';

/** One step of a plan. */
export interface Step {
  readonly action: Action;
  readonly execute?: Executor;
  /** Whether what came of it is right; one that says no or throws fails the plan. */
  readonly verify?: (value: JsonObject) => boolean | Promise<boolean>;
  /** What takes it back when a later step fails. It is an action like any other, and needs to be allowed. */
  readonly rollback?: { readonly action: Action; readonly execute?: Executor };
  /** How often it is tried again when it fails; default 0. Each try is an action of its own. */
  readonly retries?: number;
}

/**
 * Steps that belong together. Before the first is carried out, Aegis is asked about all of them: where one
 * would be denied, nothing is done. They are carried out in order; when one does not succeed, those before
 * it are taken back in reverse, and those behind it are skipped.
 */
export type Plan = readonly Step[];

export interface PlanOptions {
  /** Only asks what would be decided. */
  readonly dryRun?: boolean;
  /** Whether to wait for a person where one must be asked; default true. */
  readonly wait?: boolean;
  /** Before the second try of a step, in milliseconds; doubled for each further one; default 200. */
  readonly backOffMs?: number;
  readonly signal?: AbortSignal;
}

export interface PlanResult {
  readonly status: 'success' | 'failed' | 'blocked' | 'denied' | 'skipped';
  /** One for each step, in their order. */
  readonly results: readonly Result[];
  /** What came of taking steps back, the last step first. */
  readonly rollbacks: readonly Result[];
  /** The session under which all of it is recorded. */
  readonly session: string;
}

interface Runner {
  runOne(action: Action, options?: ActionOptions): Promise<Result>;
  executorOf(action: Action, given?: Executor): Executor;
  session(): Promise<string>;
}

/** Carries a plan out. */
export async function carryOutPlan(runner: Runner, plan: Plan, options: PlanOptions): Promise<PlanResult> {
  const session = await runner.session();
  const foreseen = await Promise.all(plan.map(({ action }) => runner.runOne(action, { dryRun: true })));
  const obstacle = foreseen.findIndex((result) => result.status === 'skipped' && isDenied(result));
  if (options.dryRun === true || obstacle >= 0) {
    const results =
      options.dryRun === true ? foreseen : foreseen.map((result, at) => kept(result, at, obstacle));
    return { status: options.dryRun === true ? 'skipped' : 'blocked', results, rollbacks: [], session };
  }
  // A plan that cannot be carried out to its end, and back, is not begun.
  for (const { action, execute, rollback } of plan) {
    runner.executorOf(action, execute);
    if (rollback !== undefined) runner.executorOf(rollback.action, rollback.execute);
  }
  const results: Result[] = [];
  for (const step of plan) {
    const result = await carryOutStep(runner, step, options);
    results.push(result);
    if (result.status === 'success') continue;
    const rollbacks = await takeBack(runner, plan, results, options);
    const skipped = plan
      .slice(results.length)
      .map(({ action }): Result => ({ status: 'skipped', action, why: 'a step before it did not succeed' }));
    const status = result.status === 'skipped' ? 'failed' : result.status;
    return { status, results: [...results, ...skipped], rollbacks, session };
  }
  return { status: 'success', results, rollbacks: [], session };
}

function isDenied({ decision }: Extract<Result, { status: 'skipped' }>): boolean {
  return decision?.effect === 'deny' && decision.mode === 'enforce';
}

/** The steps of a plan of which one would be denied. */
function kept(result: Result, at: number, obstacle: number): Result {
  const { action } = result;
  if (result.status !== 'skipped' || result.decision === undefined || !isDenied(result)) {
    return { status: 'skipped', action, why: `step ${obstacle + 1} of the plan would be denied` };
  }
  const { decision } = result;
  const [reason] = decision.reasons;
  return {
    status: 'blocked',
    action,
    ran: false,
    denial: {
      code: reason?.code ?? 'POLICY_DENY',
      ...(decision.rule === undefined ? {} : { rule: decision.rule }),
      message: reason?.message ?? 'policy does not allow it',
      decision_id: `step ${at + 1}`,
    },
  };
}

async function carryOutStep(runner: Runner, step: Step, options: PlanOptions): Promise<Result> {
  const { action, execute, verify, retries = 0 } = step;
  const { wait = true, backOffMs = 200, signal } = options;
  for (let tries = 0; ; tries++) {
    const result = await attempted(runner, action, execute, {
      wait,
      ...(signal === undefined ? {} : { signal }),
    });
    if (result.status === 'success') return verified(result, verify);
    if (result.status !== 'failed' || result.id === NONE || tries >= retries) return result;
    await pause(Math.min(backOffMs * 2 ** tries, MAX_BACK_OFF_MS), signal);
    if (signal?.aborted === true) return result;
  }
}

/** Longest wait between two tries, in milliseconds. */
const MAX_BACK_OFF_MS = 60_000;

/** The id of an action of which nobody could be told. */
const NONE = 'none';

/**
 * One action of a plan. What is thrown beside it (Aegis does not answer, a hook throws) ends the plan like anything
 * else that goes wrong: what ran before is taken back, and told.
 */
async function attempted(
  runner: Runner,
  action: Action,
  execute: Executor | undefined,
  options: Pick<ActionOptions, 'wait' | 'signal'>,
): Promise<Result> {
  const executor = runner.executorOf(action, execute);
  let ran = false;
  try {
    return await runner.runOne(action, {
      ...options,
      execute: (params, allowed) => {
        ran = true;
        return executor(params, allowed);
      },
    });
  } catch (error) {
    const why = textOf(error);
    return ran
      ? { status: 'failed', action, error: why, id: NONE }
      : { status: 'skipped', action, why: `it was not tried: ${why}` };
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const stop = (): void => resolve();
  if (signal?.aborted === true) stop();
  signal?.addEventListener('abort', stop, { once: true });
  await promise;
  clearTimeout(timer);
  signal?.removeEventListener('abort', stop);
}

async function verified(
  result: Extract<Result, { status: 'success' }>,
  verify: Step['verify'],
): Promise<Result> {
  if (verify === undefined) return result;
  const { action, id, value } = result;
  try {
    if (await verify(value)) return result;
    return { status: 'failed', action, id, error: 'what came of it is not right' };
  } catch (error) {
    return { status: 'failed', action, id, error: textOf(error) };
  }
}

function mayHaveRun(result: Result): boolean {
  return (
    result.status === 'success' || result.status === 'failed' || (result.status === 'blocked' && result.ran)
  );
}

/** What was carried out is taken back, also the step that ran and was found not to be right. */
async function takeBack(
  runner: Runner,
  plan: Plan,
  results: readonly Result[],
  { wait = true }: PlanOptions,
): Promise<Result[]> {
  const rollbacks: Result[] = [];
  for (let at = results.length - 1; at >= 0; at--) {
    const rollback = plan[at]?.rollback;
    const result = results[at];
    if (rollback === undefined || result === undefined || !mayHaveRun(result)) continue;
    rollbacks.push(await attempted(runner, rollback.action, rollback.execute, { wait }));
  }
  return rollbacks;
}
