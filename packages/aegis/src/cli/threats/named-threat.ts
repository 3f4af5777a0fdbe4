import { AegisError, suggest, THREATS } from '@aegis/core';

export type Threat = (typeof THREATS)[number];

/** The threat with this id; throws `USAGE` where there is none. */
export function namedThreat(id: string): Threat {
  const threat = THREATS.find((known) => known.id === id);
  if (threat !== undefined) return threat;
  const near = suggest(
    id,
    THREATS.map((known) => known.id),
  );
  throw new AegisError('USAGE', `there is no threat \`${id}\``, {
    help: near === undefined ? 'aegis threats list' : `did you mean \`${near}\`?`,
  });
}
