import { seedWorkspace } from '../workspace/seed.ts';
import { type Agent, createAgent } from './agent.ts';
import type { Connection } from './connection.ts';
import type { Expectation, Finding } from './expectation.ts';
import type { Step } from './step.ts';
import { observe, type World } from './world.ts';

/** One run of the script: an agent in a workspace of its own. */
export interface Act {
  readonly workspace: string;
  readonly agent: Agent;
  readonly world: World;
}

/** Seeds a fresh workspace and connects the agent to it. */
export async function openAct(
  workspace: string,
  connect: (workspace: string) => Promise<Connection>,
): Promise<Act> {
  await seedWorkspace(workspace);
  const world = observe(workspace);
  return { workspace, agent: createAgent(await connect(workspace)), world };
}

/** Lets the agent do the step and finds out what came of it; an error is a finding too. */
export async function play({ agent, world }: Act, step: Step, expectation: Expectation): Promise<Finding> {
  try {
    const reply = await step.act(agent);
    return expectation.look({ reply, connection: agent.connection, world });
  } catch (error) {
    return { holds: false, says: [error instanceof Error ? error.message : String(error)] };
  }
}
