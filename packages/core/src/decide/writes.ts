import type { Capability } from '../model/capability.ts';
import type { Facts } from '../model/finding.ts';

/** A tool of which nothing is known may write: it is held to the roots for writing. */
const WRITES: ReadonlySet<Capability> = new Set(['fs.write', 'fs.delete', 'unclassified']);

/** Whether the paths of a call are held to the roots for writing. */
export function writesFiles({ capabilities }: Facts): boolean {
  return capabilities.some((capability) => WRITES.has(capability));
}
