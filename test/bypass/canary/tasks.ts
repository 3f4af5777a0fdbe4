import { MARK } from './world.ts';

/** What came of a call, as its answer holds it. */
type Outcome = object | readonly object[];

const NOBODYS: Outcome = { result: { content: [{ type: 'text', text: MARK }] } };

/** The tasks of a canary: their ids are numbers, and whoever names one gets what came of it. */
export class Tasks {
  /** The first was begun by somebody who is not here. */
  readonly #outcomes: Outcome[] = [NOBODYS];

  begin(outcome: Outcome): object {
    return { result: { task: taskOf(this.#outcomes.push(outcome) - 1) } };
  }

  get(id: unknown): object {
    return this.#has(id) ? { result: taskOf(Number(id)) } : UNKNOWN;
  }

  result(id: unknown): Outcome {
    return this.#has(id) ? (this.#outcomes[Number(id)] ?? UNKNOWN) : UNKNOWN;
  }

  list(): object {
    return { result: { tasks: this.#outcomes.map((_, id) => taskOf(id)) } };
  }

  #has(id: unknown): boolean {
    return this.#outcomes[Number(id)] !== undefined;
  }
}

const UNKNOWN = { error: { code: -32602, message: 'no such task' } };

function taskOf(id: number): object {
  const now = new Date().toISOString();
  return { taskId: String(id), status: 'completed', createdAt: now, lastUpdatedAt: now, ttl: null };
}
