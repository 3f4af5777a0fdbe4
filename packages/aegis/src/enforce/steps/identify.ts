import type { Step } from '../mediation.ts';

/** The session says who is calling; one that has ended, or whose state is in doubt, carries no calls. */
export const identify: Step = {
  name: 'identify',
  run(m) {
    return m.session.ready();
  },
};
