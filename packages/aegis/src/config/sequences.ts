import { globProblem, type SequenceRule, type SequenceStep } from '@aegis/core';
import type { Report } from './routes.ts';
import type { SequenceEntry } from './schema.ts';

/** Reads what must not come after what. */
export function readSequences(entries: readonly SequenceEntry[], report: Report): readonly SequenceRule[] {
  const names = entries.map(({ name }) => name);
  return entries.map((entry, index): SequenceRule => {
    const { name, first, next, within_ms: withinMs, within_steps: withinSteps } = entry;
    const at = ['sequences', index];
    if (names.indexOf(name) !== index) {
      report('duplicate-name', [...at, 'name'], `\`${name}\` is already the name of another sequence`);
    }
    checkStep(first, [...at, 'first'], report);
    checkStep(next, [...at, 'next'], report);
    return {
      name,
      first: stepOf(first),
      next: stepOf(next),
      ...(withinMs === undefined ? {} : { withinMs }),
      ...(withinSteps === undefined ? {} : { withinSteps }),
      action: entry.action ?? 'deny',
      invariant: entry.invariant ?? false,
    };
  });
}

type StepEntry = SequenceEntry['first'] | SequenceEntry['next'];

function checkStep(step: StepEntry, at: readonly (string | number)[], report: Report): void {
  if (Object.keys(step).length === 0) {
    report('bad-value', at, 'say which actions it is about');
  }
  for (const key of ['tool', 'server'] as const) {
    const problem = listOf(step[key] ?? [])
      .map(globProblem)
      .find((found) => found !== undefined);
    if (problem !== undefined) report('bad-pattern', [...at, key], problem);
  }
}

function stepOf(step: StepEntry): SequenceStep {
  const { capability, tool, server } = step;
  const label = 'label' in step ? step.label : undefined;
  return {
    ...(capability === undefined ? {} : { capability: listOf(capability) }),
    ...(tool === undefined ? {} : { tool: listOf(tool) }),
    ...(server === undefined ? {} : { server: listOf(server) }),
    ...(label === undefined ? {} : { label: listOf(label) }),
  };
}

function listOf<T extends string>(value: T | readonly T[]): readonly T[] {
  return typeof value === 'string' ? [value] : value;
}
