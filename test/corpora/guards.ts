import { inspectDefinition } from '../../packages/core/src/inspect/definition/inspect-definition.ts';
import type { Direction } from '../../packages/core/src/inspect/prompt/direction.ts';
import { inspectText } from '../../packages/core/src/inspect/prompt/inspect-text.ts';
import { score } from '../../packages/core/src/inspect/score.ts';
import { findSecrets } from '../../packages/core/src/inspect/secret/find-secrets.ts';
import type { Finding } from '../../packages/core/src/model/finding.ts';
import type { JsonObject } from '../../packages/core/src/model/json.ts';
import type { Case } from './corpus.ts';

/** Whether a guard would stop a case when everything from `high` is blocked. */
export type Guard = (input: Case['input']) => boolean;

function blocks(findings: readonly Finding[]): boolean {
  const { band } = score({ findings, capabilities: [], tainted: false, denied: 0 });
  return band === 'high' || band === 'critical';
}

/** What a case says, as one text. */
export function textOf({ text, ...rest }: Case['input']): string {
  return text ?? JSON.stringify(rest);
}

export function prompt(direction: Direction): Guard {
  return (input) => blocks(inspectText(textOf(input), { place: '', direction }));
}

export const secrets: Guard = (input) => findSecrets(textOf(input)).some(({ example }) => !example);

export const definition: Guard = ({ tool }) => blocks(inspectDefinition((tool ?? {}) as JsonObject));
