import type { Finding } from '../../model/finding.ts';
import { type DefinitionText, LONGEST_DEFINITION_TEXT } from './definition-text.ts';
import { findIntents } from './intents/find-intents.ts';
import { ORDERS } from './orders.ts';
import { plainText } from './plain-text.ts';

/**
 * Text of one tool that rules over another one: what must happen when that one is used, or what is to be used
 * in its place. `others` are the names of the other tools that the same model sees. Takes time linear in the text
 * for every other tool.
 */
export function findShadowing(
  { at, text: whole, key }: DefinitionText,
  own: string,
  others: readonly string[],
  parameters: ReadonlySet<string>,
): readonly Finding[] {
  if (key === 'enum' || key === 'name' || whole.length < SHORTEST) return [];
  const text = plainText(whole.slice(0, LONGEST_DEFINITION_TEXT));
  const findings: Finding[] = [];
  for (const other of others.slice(0, MOST_OTHERS)) {
    if (other.length < SHORTEST_NAME || other === own) continue;
    const found = text.indexOf(other);
    if (found === -1) continue;
    const severity = RULED.test(text.slice(found + other.length, found + other.length + REACH))
      ? 'high'
      : REPLACED.test(text.slice(Math.max(0, found - REACH), found))
        ? 'medium'
        : undefined;
    if (severity === undefined) continue;
    findings.push({ id: 'definition.shadows', at, severity, message: 'rules over another tool' });
    break;
  }
  if (findings.length === 0) {
    for (const { id, severity, pattern, message } of ORDERS) {
      if (pattern.test(text)) findings.push({ id: `definition.${id}`, at, severity, message });
    }
    for (const { id, severity, message } of findIntents(text, { tool: own, parameters })) {
      findings.push({ id: `definition.${id}`, at, severity, message });
    }
  }
  return findings;
}

const SHORTEST = 20;
const MOST_OTHERS = 1000;
/** Shorter names are words. */
const SHORTEST_NAME = 5;
const REACH = 120;

// Linear: fixed words with bounded gaps.
const RULED =
  /^["'`)]{0,2}(?: tool| function| calls?)?,? (?:must|has to|have to|needs? to|shall|should (?:always|never|only|not|be (?:sent|redirected|replaced|ignored))|is (?:deprecated|broken|unsafe|replaced|insecure|available|used|called|invoked)[^.\n]{0,40}\b(?:must|always|never|instead|use this|have to))\b/i;
const REPLACED =
  /\b(?:instead of|replaces?|supersedes?|do not use|don't use|never use|never call|stop using|ignore)\b[^.\n]{0,30}$/i;
