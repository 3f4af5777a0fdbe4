import type { Mediation, Step } from '../mediation.ts';

/**
 * Reserves a permit of each rate that is about the call, where other processes count, too. It is spent when the call
 * is allowed, in the turn of the decision, and let go of otherwise.
 */
export const reserve: Step = {
  name: 'reserve',
  run(m) {
    const { permits, rates, clock } = m.ports;
    if (permits === undefined || m.rules.policy.rates.length === 0) return undefined;
    m.permits?.release();
    m.permits = undefined;
    const readings = rates.read(m.request, clock.now());
    const reserved = permits.reserve(readings);
    return reserved instanceof Promise ? wait(m, reserved) : hold(m, reserved);
  },
};

function hold(m: Mediation, reserved: NonNullable<Mediation['permits']>): undefined {
  m.permits = reserved;
}

async function wait(m: Mediation, reserving: Promise<NonNullable<Mediation['permits']>>): Promise<void> {
  hold(m, await reserving);
  // Others of the session went on meanwhile.
  await m.session.ready();
}
