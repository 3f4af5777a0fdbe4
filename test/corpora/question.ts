import type { Judgement } from '@aegis/core';

/** Findings that say that nobody can know before it runs, and nothing against what is known. */
const UNKNOWN: ReadonlySet<string> = new Set(['shell.dynamic', 'shell.unparsable', 'sql.unparsable']);

/** Whether a case was stopped only for what is not known of it: a question rather than an accusation. */
export function isQuestion({ verdict, findings }: Judgement): boolean {
  const denying = findings.filter(({ denies }) => denies !== undefined);
  return verdict === 'block' && denying.length > 0 && denying.every(({ id }) => UNKNOWN.has(id));
}
