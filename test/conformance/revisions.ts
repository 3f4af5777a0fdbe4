/** The revisions of MCP that the suite knows. */
export const REVISIONS = ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'] as const;
export type Revision = (typeof REVISIONS)[number];

/** Revisions for which the suite has a frozen list of what they require. */
const FROZEN: readonly Revision[] = ['2025-11-25', '2026-07-28'];

/** How the suite is told which scenarios to run: what the revision requires, else all that apply to it. */
export function selectionOf(revision: Revision): readonly string[] {
  return FROZEN.includes(revision)
    ? ['--requirements', revision]
    : ['--suite', 'all', '--spec-version', revision];
}
