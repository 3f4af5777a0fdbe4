import type { Questions } from '../question.ts';

/** The server counts the thoughts of its process: through the gateway, those of its session. */
export const SEQUENTIAL_THINKING_QUESTIONS: Questions = {
  initialize: { method: 'initialize' },
  'tools/list': { method: 'tools/list' },
  'a thought': think({ thought: 'first', thoughtNumber: 1, totalThoughts: 3, nextThoughtNeeded: true }),
  'another thought': think({
    thought: 'second',
    thoughtNumber: 2,
    totalThoughts: 3,
    nextThoughtNeeded: true,
  }),
  'a branch': think({
    thought: 'or else',
    thoughtNumber: 3,
    totalThoughts: 3,
    nextThoughtNeeded: false,
    branchFromThought: 1,
    branchId: 'b',
  }),
  'no thought': think({}),
  'a thought of the wrong type': think({
    thought: 'x',
    thoughtNumber: 0,
    totalThoughts: 1,
    nextThoughtNeeded: 'perhaps',
  }),
};

function think(args: Readonly<Record<string, unknown>>) {
  return { method: 'tools/call', name: 'sequentialthinking', arguments: args } as const;
}
