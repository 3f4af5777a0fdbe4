// Calls of a tool that asks before it is paid, by a client that can be asked anything.
import type { JsonObject } from '@aegis/core';
import { expect } from 'vitest';
import type { LedgerEvent } from './modern-gateway.ts';
import { ALL_CAPABILITIES, type Answer, ask, declaring, type Headers } from './modern-requests.ts';
import { gateway } from './stateless-gateway.ts';

export const meta = declaring(ALL_CAPABILITIES);

export function pay(
  amount: number,
  more: JsonObject = {},
  headers: Headers = {},
  at = gateway,
): Promise<Answer> {
  return ask(at.url, 'tools/call', { name: 'pay', arguments: { amount }, ...more }, { meta, headers });
}

export const stateOf = ({ json }: Answer): string => {
  expect(json.result?.['resultType']).toBe('input_required');
  return json.result?.['requestState'] as string;
};

export const confirmed = { confirm: { action: 'accept', content: { ok: true } } };
export const textOf = ({ json }: Answer): unknown =>
  (json.result?.['content'] as { text: string }[] | undefined)?.[0]?.text;

export async function recorded(act: () => Promise<unknown>): Promise<readonly LedgerEvent[]> {
  const before = (await gateway.events()).length;
  await act();
  return (await gateway.events()).slice(before);
}
