import type { Mediation, Step } from '../mediation.ts';
import type { Session } from '../session.ts';

/** The session says who is calling; one that has ended, or whose state is in doubt, carries no calls. */
export const identify: Step = {
  name: 'identify',
  run(m) {
    const later = m.session.ready();
    if (m.session.snapshot.onBehalfOf.length === 0) return later;
    return later === undefined ? summon(m) : later.then(() => summon(m));
  },
};

/** Holds the sessions on whose behalf the call is made, so that they are there until it is answered. */
async function summon(m: Mediation): Promise<void> {
  const { tenant } = m.request.subject;
  const releases: (() => void)[] = [];
  m.release = () => {
    for (const release of releases.splice(0)) release();
  };
  const delegators: Session[] = [];
  for (const delegator of m.session.snapshot.onBehalfOf) {
    const session = await m.delegatorOf(tenant, delegator);
    if (session === undefined) {
      m.delegators = 'ended';
      return;
    }
    releases.push(session.hold());
    await session.ready();
    delegators.push(session);
  }
  m.delegators = delegators;
}
