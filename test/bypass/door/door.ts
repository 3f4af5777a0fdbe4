/** The revisions of MCP, oldest first. */
export const REVISIONS = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'] as const;
export type Revision = (typeof REVISIONS)[number];

/** How a client reaches a gateway: `sse` is the pair of endpoints of 2024-11-05. */
export type Carrier = 'http' | 'sse' | 'stdio';

/** One way into a gateway. */
export interface Door {
  readonly carrier: Carrier;
  readonly revision: Revision;
}

export const DOORS: readonly Door[] = REVISIONS.flatMap((revision) => [
  { carrier: revision === '2024-11-05' ? 'sse' : 'http', revision } as const,
  { carrier: 'stdio', revision } as const,
]);

export function nameOf({ carrier, revision }: Door): string {
  return `${carrier} ${revision}`;
}

/** Requests stand for themselves, and nothing is opened. */
export function isStateless({ revision }: Door): boolean {
  return revision === '2026-07-28';
}

/** Several messages may come as one array. */
export function hasBatches({ revision }: Door): boolean {
  return revision === '2025-03-26';
}

export function isHttp({ carrier }: Door): boolean {
  return carrier !== 'stdio';
}

/** Sessions that are named by a header. */
export function hasSessionHeader(door: Door): boolean {
  return door.carrier === 'http' && !isStateless(door);
}

export function isStatelessHttp(door: Door): boolean {
  return door.carrier === 'http' && isStateless(door);
}
