/** Characters that nobody sees: format characters, fillers, and blanks of any kind. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{C}\p{Z}]/gu;

/** What a name looks like, whatever the case and form of its letters. Letters of other scripts stay what they are. */
function likeness(name: string): string {
  return name.normalize('NFKC').replace(UNSEEN, '').toLowerCase();
}

/**
 * Whether a target has the name of an MCP server, or looks like it, or that of Aegis itself.
 *
 * SECURITY: what a server does is called through MCP. Receipts, manifests and the people who are asked speak of
 * what it does, and not of what an agent says.
 */
export function reservedTargets(servers: Iterable<string>): (target: string) => boolean {
  const reserved = new Set(['aegis', ...servers].map(likeness));
  return (target) => reserved.has(likeness(target));
}
