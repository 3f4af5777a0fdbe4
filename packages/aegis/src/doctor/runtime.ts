import { type Check, ok, problem } from './check.ts';

/** The oldest Node.js that has what Aegis uses. */
const OLDEST = 24;

/** Whether this Node.js is new enough. */
export const runtime: Check = {
  name: 'Node.js',
  async run() {
    const { node } = process.versions;
    if (Number(node.split('.')[0]) >= OLDEST) return ok(node);
    return problem(`${node} is too old`, `install Node.js ${OLDEST} or newer`);
  },
};
