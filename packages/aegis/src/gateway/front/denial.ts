import type { JsonObject } from '@aegis/core';
import type { Denial } from '../../enforce/door.ts';

/** Where a tool result carries the denial for programs. */
const DENIAL_META = 'aegis/denial';

/**
 * A denied tool call, as a result that the model can read and adapt to: a protocol error would end most
 * agents.
 */
export function deniedToolResult(denial: Denial): JsonObject {
  return {
    content: [{ type: 'text', text: denialText(denial) }],
    isError: true,
    _meta: { [DENIAL_META]: denialJson(denial) },
  };
}

export function denialText({ code, rule, message, remedy, decision_id, approval }: Denial): string {
  const lines = [`Denied by Aegis: ${message}`, `code: ${code}`];
  if (rule !== undefined) lines.push(`rule: ${rule}`);
  if (remedy !== undefined) lines.push(`remedy: ${remedy}`);
  if (approval !== undefined) {
    lines.push(`approval: ${approval.id}, until ${new Date(approval.expires_at_ms).toISOString()}`);
  }
  lines.push(`decision: ${decision_id}`);
  return lines.join('\n');
}

export function denialJson(denial: Denial): JsonObject {
  return { ...denial };
}

/**
 * The denial of something that policy hides: what would have been said if it did not exist. Which rule
 * hides it is not told.
 */
export function concealed(denial: Denial, unknown: string): Denial {
  return { code: 'TOOL_UNKNOWN', message: unknown, decision_id: denial.decision_id };
}

const MAX_QUOTED_CHARS = 128;

/** A client's own word in a message: short, and with nothing that a terminal would act on. */
export function quoted(text: string): string {
  const short = text.length > MAX_QUOTED_CHARS ? `${text.slice(0, MAX_QUOTED_CHARS)}...` : text;
  return `\`${short.replace(/[^\x20-\x7e]|`/g, '?')}\``;
}
