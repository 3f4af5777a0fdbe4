import type { JsonObject, JsonValue } from '../../src/model/json.ts';
import { type CompiledPolicy, compilePolicy } from '../../src/policy/compile.ts';
import type { PolicyModule } from '../../src/policy/module/module.ts';
import { DEFAULT_SETTINGS, type PolicySettings } from '../../src/policy/settings.ts';
import { readDocument } from '../../src/source/document.ts';
import { ALLOW_ALL, sha256 } from '../policy/call.ts';

export const RULE = 'rego:data.x.decision';

export function moduleOf(
  evaluate: NonNullable<PolicyModule['evaluate']>,
  reads: PolicyModule['reads'] = [],
): PolicyModule {
  return { rule: RULE, digest: 'd', reads, evaluate };
}

export function says(value: JsonValue): PolicyModule {
  return moduleOf(() => ({ kind: 'value', value }));
}

export function compiled(
  module: PolicyModule | undefined,
  policies: readonly JsonObject[] = [ALLOW_ALL],
  settings: Partial<PolicySettings> = {},
): CompiledPolicy {
  const document = readDocument({ text: JSON.stringify({ policies }), file: 'p.json' });
  const { policy, diagnostics } = compilePolicy({
    parts: [{ document, path: ['policies'] }],
    settings: { ...DEFAULT_SETTINGS, ...settings },
    modules: module === undefined ? [] : [module],
    sha256,
  });
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics));
  return policy;
}
