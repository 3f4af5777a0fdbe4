import { AegisError } from '../errors.ts';
import { redaction } from '../inspect/pii/masks.ts';
import { type CompiledPattern, compilePersonalPattern } from '../inspect/pii/pattern.ts';
import { personalId } from '../inspect/pii/personal-finding.ts';
import type { GuardSettings } from './guard-settings.ts';

/** What the settings say of personal data, ready to use. */
export interface PersonalGuard {
  /** Every pattern; each match is a finding. */
  readonly patterns: readonly CompiledPattern[];
  /** The patterns whose matches are taken out of results. */
  readonly masked: readonly CompiledPattern[];
  /** The ids of the findings for which a result is withheld. */
  readonly withheld: ReadonlySet<string>;
}

const NOTHING: PersonalGuard = Object.freeze({ patterns: [], masked: [], withheld: new Set<string>() });

/** Throws `POLICY_INVALID` for a pattern that cannot be one: whoever read the configuration has refused it. */
export function compilePersonalGuard({ pii, patterns = [] }: GuardSettings = {}): PersonalGuard {
  if (pii === undefined && patterns.length === 0) return NOTHING;
  const compiled = patterns.map((pattern) => {
    const read = compilePersonalPattern(pattern);
    if (typeof read === 'string')
      throw new AegisError('POLICY_INVALID', `the pattern \`${pattern.name}\`: ${read}`);
    return read;
  });
  const blocked = compiled.filter(({ action }) => action === 'block').map(({ name }) => name);
  const kinds = pii?.results === 'withhold' ? pii.kinds : [];
  return {
    patterns: compiled,
    masked: compiled.filter(({ action }) => action !== 'block'),
    withheld: new Set([...blocked, ...kinds].map(personalId)),
  };
}

/** What is masked in every result, whichever rule lets the call through. */
export function masksOf({ pii }: GuardSettings = {}): readonly string[] {
  if (pii?.results === 'mask') return pii.kinds;
  return pii?.results === 'redact' ? pii.kinds.map(redaction) : [];
}
