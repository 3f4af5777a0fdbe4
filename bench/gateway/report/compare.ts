import { median } from '../../report.ts';
import type { Sample } from '../measure/sample.ts';
import type { Measurement } from '../measure/stage.ts';

/** The median over the rounds. */
export function middle({ samples }: Measurement, value: (sample: Sample) => number): number {
  return median(samples.map(value));
}

/** The median of a comparison round by round: what disturbs the machine for a while disturbs both. */
export function compared(
  one: Measurement,
  other: Measurement,
  compare: (one: Sample, other: Sample) => number,
): number {
  return median(
    one.samples.flatMap((sample, round) => {
      const beside = other.samples[round];
      return beside === undefined ? [] : [compare(sample, beside)];
    }),
  );
}

/** What another target did in the same cell. */
export function beside(
  all: readonly Measurement[],
  { stage, cell }: Pick<Measurement, 'stage' | 'cell'>,
  target: string,
): Measurement | undefined {
  return all.find((other) => other.stage === stage && other.cell === cell && other.target === target);
}

export const cpuRatio = (one: Sample, other: Sample): number => one.cpuUs / other.cpuUs;
