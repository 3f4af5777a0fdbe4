import type { Diagnostic } from '@aegis/core';
import type { CedarEngine } from './engine.ts';
import { type CedarPolicy, cedarFault } from './policies.ts';
import { textPositions } from './text-position.ts';
import type { CedarType } from './value.ts';

/** What is known of the requests that a schema describes. */
export interface CedarSchema {
  readonly actions: ReadonlySet<string>;
  readonly contextType: (action: string) => CedarType | undefined;
}

interface ActionJson {
  readonly appliesTo?: { readonly context?: CedarType };
}

/** Reads a schema, and checks the policies against it. What is wrong with either is reported. */
export function readSchema(
  engine: CedarEngine,
  file: string,
  text: string,
  policies: ReadonlyMap<string, CedarPolicy>,
  diagnostics: Diagnostic[],
): CedarSchema | undefined {
  const positions = textPositions(file, text);
  const resolved = engine.schemaToJsonWithResolvedTypes(text);
  if (resolved.type === 'failure') {
    diagnostics.push(...resolved.errors.map((error) => cedarFault(error, positions.ofByte)));
    return undefined;
  }
  const staticPolicies = Object.fromEntries([...policies].map(([id, policy]) => [id, policy.text]));
  const answer = engine.validate({ schema: text, policies: { staticPolicies } });
  const faults =
    answer.type === 'failure'
      ? answer.errors.map((error) => cedarFault(error, positions.ofByte))
      : [...answer.validationErrors, ...answer.validationWarnings].map(({ policyId, error }) =>
          cedarFault(error, policies.get(policyId)?.place ?? positions.ofByte),
        );
  diagnostics.push(...faults);
  const actions = Object.entries(resolved.json['']?.actions ?? {}) as [string, ActionJson][];
  const types = new Map(actions.map(([id, action]) => [id, action.appliesTo?.context]));
  return { actions: new Set(types.keys()), contextType: (action) => types.get(action) };
}
