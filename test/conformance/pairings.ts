import { REVISIONS, type Revision } from './revisions.ts';

/** What stands behind Aegis, and which revisions are spoken in front of it. */
export interface Pairing {
  readonly name: string;
  readonly transport: 'http' | 'stdio';
  /** Server keys of the configuration, beyond those that every pairing has. */
  readonly keys: Readonly<Record<string, string>>;
  readonly fronts: readonly Revision[];
}

const ERAS: readonly Revision[] = ['2025-11-25', '2026-07-28'];

/** A server of the old era can only ask the one client that it was opened for. */
const LEGACY = { era: 'legacy', isolation: 'session' };

/** The server speaks both eras; a pairing leaves the choice to Aegis or holds it to one. */
export const PAIRINGS: readonly Pairing[] = [
  { name: 'http', transport: 'http', keys: {}, fronts: REVISIONS },
  { name: 'stdio', transport: 'stdio', keys: {}, fronts: REVISIONS },
  // The same era in front and behind, and the translation between the two, both ways.
  { name: 'http-legacy', transport: 'http', keys: LEGACY, fronts: ERAS },
  { name: 'http-modern', transport: 'http', keys: { era: 'modern' }, fronts: ERAS },
  // What most servers are today.
  { name: 'stdio-legacy', transport: 'stdio', keys: LEGACY, fronts: ERAS },
];
