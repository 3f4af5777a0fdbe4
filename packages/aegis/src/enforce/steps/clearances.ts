import { appliedDraft, type Clearance, type EventDraft } from '@aegis/core';
import type { Mediation } from '../mediation.ts';

/** Takes into the session what people have vouched for in it since its last call. Undefined when they have not. */
export function takeClearances(m: Mediation): Promise<void> | undefined {
  const { tenant, session } = m.session.identity;
  const said = m.ports.clearances?.(tenant, session) ?? [];
  return said.length === 0 ? undefined : take(m, said);
}

async function take({ session }: Mediation, said: readonly Clearance[]): Promise<void> {
  const { cleared } = await session.follow();
  // Each counts once, also for calls that come at the same time: nothing is awaited before it is recorded.
  const [first, ...others] = said.filter(({ id }) => !cleared.has(id)).map(appliedDraft);
  if (first === undefined) return;
  const drafts: readonly [EventDraft, ...EventDraft[]] = [first, ...others];
  await session.record(drafts);
  await session.ready();
}
