/** Why an evaluation was stopped. */
export type BudgetCode = 'steps_exceeded' | 'depth_exceeded' | 'size_exceeded';

/** What one evaluation may use at most. */
export interface Budget {
  /** Rule branches tried, loop turns taken and calls made. */
  readonly steps: number;
  /** Rules and functions inside each other. */
  readonly depth: number;
  /** Characters and elements made by built-ins and comprehensions. */
  readonly size: number;
}

export const DEFAULT_BUDGET: Budget = { steps: 1_000_000, depth: 200, size: 16_777_216 };

/** Thrown when a budget is used up; caught at the entrance of the evaluation. */
export class BudgetExceeded extends Error {
  readonly code: BudgetCode;

  constructor(code: BudgetCode, limit: number) {
    super(`the evaluation needs more than ${limit} ${code.replace('_exceeded', '')}`);
    this.code = code;
  }
}

/** Counts what an evaluation uses. */
export class Meter {
  steps = 0;
  depth = 0;
  size = 0;
  readonly #budget: Budget;
  readonly #maxSteps: number;

  constructor(budget: Budget) {
    this.#budget = budget;
    this.#maxSteps = budget.steps;
  }

  step(): void {
    if (++this.steps > this.#maxSteps) throw new BudgetExceeded('steps_exceeded', this.#maxSteps);
  }

  /** Work that is not one step: scanning a text, sorting a list. */
  work(steps: number): void {
    this.steps += steps;
    if (this.steps > this.#maxSteps) throw new BudgetExceeded('steps_exceeded', this.#maxSteps);
  }

  /** Single steps that were not taken one by one; the count stops where they would have. */
  skip(steps: number): void {
    if (steps === 0) return;
    this.steps = Math.min(this.steps + steps, this.#maxSteps + 1);
    if (this.steps > this.#maxSteps) throw new BudgetExceeded('steps_exceeded', this.#maxSteps);
  }

  enter(): void {
    this.step();
    if (++this.depth > this.#budget.depth) throw new BudgetExceeded('depth_exceeded', this.#budget.depth);
  }

  leave(): void {
    this.depth--;
  }

  // SECURITY: called before the memory is taken, so that no built-in can exhaust the host.
  grow(size: number): void {
    this.size += size;
    if (this.size > this.#budget.size) throw new BudgetExceeded('size_exceeded', this.#budget.size);
  }
}
