import { formatDiagnostic } from '../../../src/diagnostic.ts';
import { type CompiledPolicy, compilePolicy } from '../../../src/policy/compile.ts';
import { ruleNormalForm } from '../../../src/policy/normal-form.ts';
import { DEFAULT_SETTINGS } from '../../../src/policy/settings.ts';
import { readDocument } from '../../../src/source/document.ts';
import { sha256 } from '../call.ts';

/** A policy file that lies in `/srv/policy`. */
export function compileFile(text: string, file = 'policy.yaml') {
  const document = readDocument({ text, file });
  const { policy, diagnostics } = compilePolicy({
    parts: [{ document, base: '/srv/policy' }],
    settings: DEFAULT_SETTINGS,
    sha256,
  });
  return { policy, faults: diagnostics.map(formatDiagnostic) };
}

export function policyOfFile(text: string, file?: string): CompiledPolicy {
  const { policy, faults } = compileFile(text, file);
  if (policy === undefined) throw new Error(faults.join('\n'));
  return policy;
}

/** The rules of a policy file, in the words of a native one. */
export function rulesOf(text: string): unknown {
  return policyOfFile(text).rules.map(ruleNormalForm);
}
