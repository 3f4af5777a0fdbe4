import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide.ts';
import { explain } from '../../src/decide/explain.ts';
import type { DecisionInput } from '../../src/decide/input.ts';
import { score } from '../../src/inspect/score.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { GuardSettings } from '../../src/policy/guard-settings.ts';
import { ALLOW_ALL, call, policyOf } from '../policy/call.ts';

const finding = (id: string, severity: Finding['severity'], at = '/text'): Finding => ({
  id,
  at,
  severity,
  message: '',
});
const INJECTION = finding('prompt.override', 'high');
const TOKEN = finding('secret.github.token', 'high', '/token');
const NAMED = finding('secret.assigned', 'medium', '/password');

/** A call with these findings, scored. */
function scored(findings: readonly Finding[]): DecisionInput {
  const input = call();
  const { capabilities } = input.facts;
  const facts = {
    ...input.facts,
    findings,
    score: score({ findings, capabilities, tainted: false, denied: 0 }),
  };
  return { ...input, facts };
}

function outcome(
  guards: GuardSettings | undefined,
  findings: readonly Finding[],
  rules: readonly JsonObject[] = [ALLOW_ALL],
  mode: 'enforce' | 'shadow' = 'enforce',
): string {
  const settings = guards === undefined ? { mode } : { guards, mode };
  const { effect, reasons, mode: in_ } = decide(policyOf(rules, settings), scored(findings));
  return `${effect} ${reasons[0].code}${in_ === 'shadow' ? ' in shadow' : ''}`;
}

const BANDS: GuardSettings = { requests: { high: 'require_approval', critical: 'deny' } };
const CRITICAL = [INJECTION, TOKEN, finding('prompt.role', 'critical')];

describe('the threat score of a call', () => {
  it.each([
    ['nothing by itself', undefined, CRITICAL, 'allow POLICY_ALLOW'],
    ['nothing where it is only recorded', { requests: {} }, CRITICAL, 'allow POLICY_ALLOW'],
    ['nothing in a low band', BANDS, [NAMED], 'allow POLICY_ALLOW'],
    ['a question in its band', BANDS, [INJECTION], 'require_approval APPROVAL_REQUIRED'],
    ['a denial in its band', BANDS, CRITICAL, 'deny THREAT_SCORE'],
    ['a denial above its band', { requests: { high: 'deny' } } as const, CRITICAL, 'deny THREAT_SCORE'],
    [
      'nothing below its band',
      { requests: { critical: 'deny' } } as const,
      [INJECTION],
      'allow POLICY_ALLOW',
    ],
    [
      'a question above medium',
      { requests: { medium: 'require_approval' } } as const,
      CRITICAL,
      'require_approval APPROVAL_REQUIRED',
    ],
  ] as const)('leads to %s', (_, guards, findings, want) => {
    expect(outcome(guards, findings)).toBe(want);
  });

  it('names its parts in a denial, the heaviest first', () => {
    const { reasons } = decide(policyOf([ALLOW_ALL], { guards: BANDS }), scored(CRITICAL));
    expect(reasons[0].message).toBe(
      'the threat score is 100 of 100 (critical): prompt.role 92 %, prompt.override 75 %, secret.github.token 75 %',
    );
  });

  it('adds its question to the one of a rule, and a denial of a rule stays one', () => {
    const ask = { name: 'ask', action: 'require_approval' };
    const { reasons } = decide(policyOf([ask], { guards: BANDS }), scored([INJECTION]));
    expect(reasons.map(({ rule, code }) => rule ?? code)).toEqual(['ask', 'APPROVAL_REQUIRED']);
    expect(outcome(BANDS, [INJECTION], [{ name: 'no', action: 'deny' }])).toBe('deny POLICY_DENY');
  });

  it('decides nothing in shadow, and the record says what it would have', () => {
    expect(outcome(BANDS, CRITICAL, [ALLOW_ALL], 'shadow')).toBe('deny THREAT_SCORE in shadow');
  });

  it('is a condition of rules', () => {
    const rules = [
      { name: 'danger', action: 'deny', when: { score: { gte: 90 } } },
      { name: 'doubt', action: 'require_approval', when: { score: { gte: 70 } } },
      { name: 'calm', action: 'allow', when: { score: { lt: 40 } } },
    ];
    expect(outcome(undefined, CRITICAL, rules)).toBe('deny POLICY_DENY');
    expect(outcome(undefined, [INJECTION], rules)).toBe('require_approval APPROVAL_REQUIRED');
    expect(outcome(undefined, [], rules)).toBe('allow POLICY_ALLOW');
    expect(outcome(undefined, [NAMED], rules)).toBe('deny DEFAULT_DENY');
    const { rules: met } = explain(policyOf(rules), scored([NAMED]));
    expect(met[0]?.why).toBe('`score` is `46`; the rule asks for gte `90`');
  });

  it('is in doubt where a call was not scored: what tightens holds, what lets through does not', () => {
    const unscored = call();
    const rules = [{ name: 'danger', action: 'deny', when: { score: { gte: 90 } } }, ALLOW_ALL];
    expect(decide(policyOf(rules), unscored)).toMatchObject({ effect: 'deny', rule: 'danger' });
    const calm = [{ name: 'calm', action: 'allow', when: { score: { lt: 40 } } }];
    expect(decide(policyOf(calm), unscored).reasons[0].code).toBe('DEFAULT_DENY');
    const guarded = policyOf([ALLOW_ALL], { guards: { requests: { critical: 'deny' } } });
    expect(decide(guarded, unscored).reasons[0].code).toBe('THREAT_SCORE');
  });
});

describe('a credential among the arguments', () => {
  const waiving = { name: 'login', action: 'allow', waive: ['secret.github.token'] };

  it.each([
    ['nothing by itself', undefined, [TOKEN], [ALLOW_ALL], 'allow POLICY_ALLOW'],
    ['a denial', { secrets: 'deny' }, [TOKEN], [ALLOW_ALL], 'deny GUARD_SECRET'],
    [
      'a question',
      { secrets: 'require_approval' },
      [TOKEN],
      [ALLOW_ALL],
      'require_approval APPROVAL_REQUIRED',
    ],
    ['nothing where only a name says so', { secrets: 'deny' }, [NAMED], [ALLOW_ALL], 'allow POLICY_ALLOW'],
    ['nothing where its rule waives it', { secrets: 'deny' }, [TOKEN], [waiving], 'allow POLICY_ALLOW'],
    [
      'no question where its rule waives it',
      { secrets: 'require_approval' },
      [TOKEN],
      [waiving],
      'allow POLICY_ALLOW',
    ],
  ] as const)('leads to %s', (_, guards, findings, rules, want) => {
    expect(outcome(guards, findings, rules)).toBe(want);
  });

  it('says where it stands, and not what it is', () => {
    const { reasons } = decide(policyOf([ALLOW_ALL], { guards: { secrets: 'deny' } }), scored([TOKEN]));
    expect(reasons[0].message).toBe('the argument at `/token` holds a credential (`secret.github.token`)');
  });

  it('that Aegis itself works with is denied whatever is set', () => {
    const known = { ...finding('secret.known', 'critical'), denies: 'GUARD_SECRET' } as const;
    expect(outcome(undefined, [known])).toBe('deny GUARD_SECRET');
  });
});

describe('personal data among the arguments', () => {
  const CARD = finding('pii.card', 'low', '/number');
  const MAIL = finding('pii.email', 'info', '/to');
  const kinds = ['card', 'iban'] as const;
  const waiving = { name: 'pay', action: 'allow', waive: ['pii.card'] };

  it.each([
    ['nothing by itself', undefined, [CARD], [ALLOW_ALL], 'allow POLICY_ALLOW'],
    ['a denial', { pii: { kinds, requests: 'deny' } }, [CARD], [ALLOW_ALL], 'deny GUARD_PII'],
    [
      'a question',
      { pii: { kinds, requests: 'require_approval' } },
      [CARD],
      [ALLOW_ALL],
      'require_approval APPROVAL_REQUIRED',
    ],
    [
      'nothing of another kind',
      { pii: { kinds, requests: 'deny' } },
      [MAIL],
      [ALLOW_ALL],
      'allow POLICY_ALLOW',
    ],
    [
      'nothing where its rule waives it',
      { pii: { kinds, requests: 'deny' } },
      [CARD],
      [waiving],
      'allow POLICY_ALLOW',
    ],
    [
      'no question where its rule waives it',
      { pii: { kinds, requests: 'require_approval' } },
      [CARD],
      [waiving],
      'allow POLICY_ALLOW',
    ],
    [
      'nothing where it is about results',
      { pii: { kinds, results: 'mask' } },
      [CARD],
      [ALLOW_ALL],
      'allow POLICY_ALLOW',
    ],
  ] as const)('leads to %s', (_, guards, findings, rules, want) => {
    expect(outcome(guards, findings, rules)).toBe(want);
  });

  it('leads to nothing in shadow, and the record says what it would have', () => {
    const guards = { pii: { kinds, requests: 'deny' } } as const;
    expect(outcome(guards, [CARD], [ALLOW_ALL], 'shadow')).toBe('deny GUARD_PII in shadow');
  });

  it('is named with its place, and not with what it is', () => {
    const { reasons } = decide(
      policyOf([ALLOW_ALL], { guards: { pii: { kinds, requests: 'deny' } } }),
      scored([CARD]),
    );
    expect(reasons[0].message).toBe('the argument at `/number` holds personal data (`pii.card`)');
    expect(reasons[0].remedy).toContain('waives `pii.card`');
  });

  it('of results is masked or redacted whichever rule lets the call through', () => {
    const masks = (results: 'mask' | 'redact' | 'withhold', rule: JsonObject = ALLOW_ALL) =>
      decide(policyOf([rule], { guards: { pii: { kinds, results } } }), scored([])).obligations.mask;
    expect(masks('mask')).toEqual(['card', 'iban']);
    expect(masks('redact')).toEqual(['redact:card', 'redact:iban']);
    expect(masks('withhold')).toEqual([]);
    expect(masks('mask', { ...ALLOW_ALL, mask: ['email'] })).toEqual(['card', 'iban', 'email']);
  });
});

describe('settings of the guards', () => {
  it('are part of what a policy is, and none change nothing', () => {
    const digest = (guards?: GuardSettings) =>
      policyOf([ALLOW_ALL], guards === undefined ? {} : { guards }).digest;
    const different = [
      undefined,
      BANDS,
      { results: {} },
      { results: { high: 'withhold' } },
      { secrets: 'deny' },
      { pii: { kinds: ['card'], requests: 'deny' } },
      { pii: { kinds: ['card'], results: 'mask' } },
      { patterns: [{ name: 'badge', pattern: 'B-[0-9]+', action: 'mask' }] },
      { patterns: [{ name: 'badge', pattern: 'B-[0-9]+', action: 'block' }] },
    ];
    expect(new Set(different.map((guards) => digest(guards as GuardSettings))).size).toBe(different.length);
    expect(digest({})).toBe(digest());
  });
});
