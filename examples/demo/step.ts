import type { Agent } from './agent.ts';
import type { Expectation } from './expectation.ts';
import type { Reply } from './reply.ts';

/** One thing that the agent does, the same in both acts. */
export interface Step {
  readonly title: string;
  /** Yields what came back, or undefined when the step calls nothing. */
  readonly act: (agent: Agent) => Promise<Reply | undefined>;
  readonly without: Expectation;
  readonly with: Expectation;
}

/** Steps that belong together. */
export interface Chapter {
  readonly title: string;
  readonly steps: readonly Step[];
}

/** The same is expected with Aegis and without. */
export function both(expectation: Expectation): Pick<Step, 'without' | 'with'> {
  return { without: expectation, with: expectation };
}
