import { describe, expect, it } from 'vitest';
import { inspectDefinition } from '../../../src/inspect/definition/inspect-definition.ts';
import { score } from '../../../src/inspect/score.ts';
import { HARMLESS_WORDS } from './harmless-words.ts';
import { POISONED_WORDS } from './poisoned-words.ts';

function isThreat(description: string, parameters: Readonly<Record<string, string>> = {}): boolean {
  const properties = Object.fromEntries(
    Object.entries(parameters).map(([name, says]) => [name, { type: 'string', description: says }]),
  );
  const findings = inspectDefinition({
    name: 'tool',
    description,
    inputSchema: { type: 'object', properties },
  });
  return score({ findings, capabilities: [], tainted: false, denied: 0 }).value >= 70;
}

describe('a definition in plain words', () => {
  it.each(POISONED_WORDS.map(([says, parameters]) => ({ says, parameters })))(
    'is seen to be poisoned: $says',
    ({ says, parameters }) => {
      expect(isThreat(says, parameters)).toBe(true);
    },
  );

  it.each(HARMLESS_WORDS.map(([says, parameters]) => ({ says, parameters })))(
    'is let be: $says',
    ({ says, parameters }) => {
      expect(isThreat(says, parameters)).toBe(false);
    },
  );
});
