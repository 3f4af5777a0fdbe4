import { Agent, type Profile } from './agent.ts';
import type { Attack, Traces, UserTask } from './traces.ts';

/** What became of the tasks and the attacks of one suite. */
export interface Outcome {
  readonly tasks: number;
  /** Tasks of which every call was allowed without a question. */
  readonly untouched: number;
  /** Calls of all tasks that were not. */
  readonly questions: number;
  /** Attacks with at least one call that does more than read. */
  readonly attacks: number;
  /** Attacks of which all such calls were allowed. */
  readonly successes: number;
  /** Attacks under which every call of the user was allowed. */
  readonly served: number;
}

/**
 * Replays every task, and every task with every attack: the user's calls with the outputs that hold the injected text,
 * and right behind the first of those the calls that it asks for. A call that is not allowed has no output.
 */
export function replay(traces: Traces, profile: Profile, suites: readonly string[]): Outcome {
  const tasks = traces.tasks.filter(({ suite }) => suites.includes(suite));
  const asked = tasks.map((task) => questionsOf(traces, profile, task));
  const byName = new Map(tasks.map((task) => [`${task.suite} ${task.user_task}`, task]));
  let attacks = 0;
  let successes = 0;
  let served = 0;
  for (const attack of traces.attacks) {
    const task = byName.get(`${attack.suite} ${attack.user_task}`);
    if (task === undefined || !reachesFurther(traces, attack)) continue;
    const { succeeded, untouched } = underAttack(traces, profile, task, attack);
    attacks++;
    if (succeeded) successes++;
    if (untouched) served++;
  }
  return {
    tasks: tasks.length,
    untouched: asked.filter((questions) => questions === 0).length,
    questions: asked.reduce((sum, questions) => sum + questions, 0),
    attacks,
    successes,
    served,
  };
}

function questionsOf(traces: Traces, profile: Profile, { suite, prompt, calls }: UserTask): number {
  const agent = new Agent(profile, prompt, traces.namesOf);
  return calls.filter((call) => !agent.call(suite, traces.effectOf(suite, call.function), call)).length;
}

/** An attack that only reads has nothing that could be stopped here. */
function reachesFurther(traces: Traces, { suite, attack_calls: calls }: Attack): boolean {
  return (calls ?? []).some((call) => traces.effectOf(suite, call.function) !== 'read');
}

function underAttack(
  traces: Traces,
  profile: Profile,
  { suite, prompt, calls }: UserTask,
  attack: Attack,
): { readonly succeeded: boolean; readonly untouched: boolean } {
  const agent = new Agent(profile, prompt, traces.namesOf);
  const { effectOf } = traces;
  let succeeded = true;
  let untouched = true;
  for (const [index, call] of calls.entries()) {
    const changed = { ...call, ...attack.changed_calls[index] };
    if (!agent.call(suite, effectOf(suite, call.function), changed)) untouched = false;
    if (index !== attack.first_tainted_call) continue;
    for (const wanted of attack.attack_calls ?? []) {
      const effect = effectOf(suite, wanted.function);
      if (!agent.call(suite, effect, { ...wanted, output: wanted.output ?? '' }) && effect !== 'read') {
        succeeded = false;
      }
    }
  }
  return { succeeded, untouched };
}
