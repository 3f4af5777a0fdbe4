import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../../src/diagnostic.ts';
import { compilePolicy, type PolicyInput } from '../../../src/policy/compile.ts';
import type { GuardSettings } from '../../../src/policy/guard-settings.ts';
import { DEFAULT_SETTINGS } from '../../../src/policy/settings.ts';
import { readDocument } from '../../../src/source/document.ts';
import { sha256 } from '../call.ts';

function part(text: string, file = 'policy.yaml') {
  return { document: readDocument({ text, file }), base: '/srv' };
}

function compile(
  texts: readonly string[],
  settings: Partial<PolicyInput['settings']> = {},
  layers: PolicyInput['layers'] = [],
) {
  const parts = texts.map((text, place) => part(text, `${place}.yaml`));
  const { policy, diagnostics } = compilePolicy({
    parts,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    layers,
    sha256,
  });
  return { policy, faults: diagnostics.map(formatDiagnostic) };
}

const guardsOf = (text: string, guards?: GuardSettings) =>
  compile([text], guards === undefined ? {} : { guards }).policy?.settings.guards;

describe('what lists ask for beside rules', () => {
  it('is a rate of all actions together in any minute', () => {
    const { policy } = compile(['rateLimits: { requestsPerMinute: 30 }']);
    expect(policy?.settings.rates).toEqual([
      { name: 'rateLimits', per: [], limit: 30, windowMs: 60_000, match: '*', action: 'deny' },
    ]);
    expect(policy?.rates.map(({ bounds }) => bounds)).toEqual([[{ most: 30, windowMs: 60_000 }]]);
    expect(policy?.asked.map(({ key, at }) => [key, at.line])).toEqual([['rateLimits', 1]]);
  });

  it.each<readonly [string, string, GuardSettings | undefined]>([
    ['scores and records', 'promptIntegrity: { enabled: true }', { requests: {}, results: {} }],
    [
      'stops what scores high',
      'promptIntegrity: { enabled: true, blockJailbreaks: true }',
      { requests: { high: 'deny' }, results: { high: 'withhold' } },
    ],
    ['is off', 'promptIntegrity: { enabled: false, blockJailbreaks: true }', undefined],
    [
      'looks for known kinds where no form is told',
      'piiDataGuard: { enabled: true, action: BLOCK }',
      { pii: { kinds: ['ssn', 'card', 'email'], requests: 'deny', results: 'withhold' } },
    ],
    [
      'takes forms out of results',
      "piiDataGuard: { action: REDACT, detectPatterns: [{ staffId: 'E-[0-9]+' }] }",
      { patterns: [{ name: 'listed-staff-id', pattern: 'E-[0-9]+', action: 'redact' }] },
    ],
    ['guards nothing', 'piiDataGuard: { enabled: false }', undefined],
  ])('is a guard that %s', (_name, text, guards) => {
    expect(guardsOf(text)).toEqual(guards);
  });

  it('is joined with the settings of the configuration, and the stricter answer holds', () => {
    const ask = 'promptIntegrity: { enabled: true, blockJailbreaks: true }';
    expect(
      guardsOf(ask, { requests: { medium: 'require_approval', critical: 'deny' }, secrets: 'deny' }),
    ).toEqual({
      requests: { medium: 'require_approval', high: 'deny', critical: 'deny' },
      results: { high: 'withhold' },
      secrets: 'deny',
    });
    expect(
      guardsOf('promptIntegrity: { enabled: true }', { requests: { medium: 'deny' } })?.requests,
    ).toEqual({
      medium: 'deny',
      high: 'deny',
      critical: 'deny',
    });
  });

  it('counts in the digest', () => {
    const digest = (text: string) => compile([text]).policy?.digest;
    expect(digest('rateLimits: { requestsPerMinute: 30 }')).not.toBe(
      digest('rateLimits: { requestsPerMinute: 31 }'),
    );
  });

  it('is refused where it would be said twice', () => {
    const rates = compile(['rateLimits: { requestsPerMinute: 1 }', 'rateLimits: { requestsPerMinute: 2 }']);
    expect(rates.faults).toEqual(['1.yaml:1:1: `rateLimits` is already the name of another rate']);
    const kinds = compile(['piiDataGuard: { action: BLOCK }'], {
      guards: { pii: { kinds: ['ssn'], results: 'mask' } },
    });
    expect(kinds.faults).toEqual([
      '0.yaml:1:1: `piiDataGuard` and another `pii` both say what personal data leads to',
    ]);
    const form = 'piiDataGuard: { action: BLOCK, detectPatterns: [{ a: x }] }';
    expect(compile([form, form]).faults).toEqual([
      '1.yaml:1:1: `listed-a` is already the name of another pattern',
    ]);
  });

  it('is refused in a layer, which is for some callers', () => {
    const layer = {
      name: 'team',
      mode: 'enforce',
      parts: [part('rateLimits: { requestsPerMinute: 1 }', 'team.yaml')],
    } as const;
    expect(compile([], {}, [layer]).faults).toEqual([
      'team.yaml:1:1: `rateLimits` is a setting, and layers have rules alone\n  help: put it into a file that `policy` lists',
    ]);
  });
});
