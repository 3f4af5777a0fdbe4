import { inspectDefinition } from '@aegis/core';
import type { Pin } from '../../daemon/pinned.ts';
import { visible } from './visible.ts';

/** The ids of what speaks against what is offered: what was recorded when it was seen, and what is found in it now. */
export function suspectIds(pin: Pin): readonly string[] {
  return [...new Set([...severe(pin).map(({ id }) => id), ...(pin.offered?.findingIds ?? [])])];
}

/** The same for a person, a line each, with where it stands. */
export function suspectLines(pin: Pin): string {
  const found = severe(pin);
  const lines = new Set(
    found.map(({ id, at, message }) => `! ${id} at ${visible(at) || 'the top'}: ${message}`),
  );
  for (const id of pin.offered?.findingIds ?? []) {
    if (!found.some((finding) => finding.id === id)) lines.add(`! ${id}`);
  }
  return [...lines].map((line) => `${line}\n`).join('');
}

function severe({ offered, kind }: Pin) {
  if (offered === undefined || kind === 'instructions') return [];
  return inspectDefinition(offered.definition).filter(
    ({ severity }) => severity === 'high' || severity === 'critical',
  );
}
