import type { Finding } from '../../model/finding.ts';
import type { JsonObject } from '../../model/json.ts';
import { inspectText } from '../prompt/inspect-text.ts';
import { findSuspectDefaults } from './defaults.ts';
import { textsOf } from './definition-text.ts';
import { findPoisonedWords } from './learned/find-poisoned-words.ts';
import { findDeceptiveNames } from './names.ts';
import { parametersOf } from './parameter.ts';
import { findRequestedSecrets } from './requested-secrets.ts';
import { findShadowing } from './shadowing.ts';

/**
 * What a tool's definition does to the model that reads it: hidden or commanding text, rules over other tools,
 * names that deceive, parameters that ask for secrets, values that were proposed to do harm, words that together read
 * like a poisoned definition.
 *
 * `others` are the names of the other tools that the same model sees. What a tool's code does cannot be seen
 * here. Takes time linear in the definition; beyond `MAX_DEFINITION_TEXTS` there is a finding.
 */
export function inspectDefinition(tool: JsonObject, others: readonly string[] = []): readonly Finding[] {
  const own = typeof tool['name'] === 'string' ? tool['name'] : '';
  const { texts, complete } = textsOf(tool);
  const findings: Finding[] = [
    ...findDeceptiveNames(tool, others),
    ...findRequestedSecrets(tool),
    ...findSuspectDefaults(tool),
  ];
  const parameters = new Set(parametersOf(tool).map(({ name }) => name));
  for (const text of texts) {
    findings.push(...findShadowing(text, own, others, parameters));
    for (const { span: _, ...finding } of inspectText(text.text, {
      place: text.at,
      direction: 'definition',
    })) {
      findings.push(finding);
    }
  }
  findings.push(...findPoisonedWords(tool));
  if (!complete) {
    findings.push({
      id: 'definition.unread',
      at: '',
      severity: 'high',
      message: 'the definition is too large or too deep to be read as a whole',
    });
  }
  return findings;
}
