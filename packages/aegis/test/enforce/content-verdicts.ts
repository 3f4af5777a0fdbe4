import type { JsonObject } from '@aegis/core';
import type { Verdicted } from '../../src/enforce/door.ts';
import type { UpstreamReply } from '../../src/ports.ts';
import { type createHarness, reply } from './harness.ts';

export const ALLOW_ALL = '[[policies]]\nname = "all"\naction = "allow"\n';

export const answering = (text: string) => (): Promise<UpstreamReply> =>
  Promise.resolve(reply({ ok: true }, text));

export function codeOf(verdict: Verdicted): string {
  return verdict.kind === 'denied' ? verdict.denial.code : verdict.kind;
}

/** What an agent was given, as text. */
export function given(verdict: Verdicted): string {
  return JSON.stringify(verdict.kind === 'denied' ? verdict.denial : verdict);
}

export async function payloads(
  harness: Awaited<ReturnType<typeof createHarness>>,
  session: { readonly id: string },
  type: string,
): Promise<readonly JsonObject[]> {
  const events = await harness.events(session);
  return events.filter((event) => event.type === type).map(({ payload }) => payload);
}
