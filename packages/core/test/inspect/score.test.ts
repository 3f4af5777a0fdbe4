import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandOf, SCORE_WEIGHTS, type ScoreInput, score } from '../../src/inspect/score.ts';
import { CAPABILITIES } from '../../src/model/capability.ts';
import { type Finding, SEVERITIES } from '../../src/model/finding.ts';

const finding = (id: string, severity: Finding['severity']): Finding => ({
  id,
  at: '',
  severity,
  message: '',
});
const NOTHING: ScoreInput = { findings: [], capabilities: [], tainted: false, denied: 0 };

const inputs: fc.Arbitrary<ScoreInput> = fc.record({
  findings: fc.array(
    fc
      .record({ id: fc.constantFrom('a', 'b', 'c', 'd'), severity: fc.constantFrom(...SEVERITIES) })
      .map(({ id, severity }) => finding(id, severity)),
  ),
  capabilities: fc.array(fc.constantFrom(...CAPABILITIES)),
  tainted: fc.boolean(),
  denied: fc.nat(100),
});

describe('the threat score', () => {
  it('is 0 and low for nothing', () => {
    expect(score(NOTHING)).toEqual({ value: 0, band: 'low', parts: [] });
  });

  it('is high for one finding of high severity, and for two independent ones of medium severity', () => {
    expect(score({ ...NOTHING, findings: [finding('a', 'high')] }).band).toBe('high');
    expect(score({ ...NOTHING, findings: [finding('a', 'medium')] }).band).toBe('medium');
    expect(score({ ...NOTHING, findings: [finding('a', 'medium'), finding('b', 'medium')] }).band).toBe(
      'high',
    );
  });

  it('counts the same finding once, at its most severe', () => {
    const one = score({ ...NOTHING, findings: [finding('a', 'medium')] });
    expect(score({ ...NOTHING, findings: Array.from({ length: 9 }, () => finding('a', 'medium')) })).toEqual(
      one,
    );
  });

  it('is not high for a dangerous capability alone, and is for one that untrusted data reaches', () => {
    expect(score({ ...NOTHING, capabilities: ['payment.send'] }).band).toBe('low');
    expect(score({ ...NOTHING, capabilities: ['payment.send'], tainted: true }).band).toBe('high');
    expect(score({ ...NOTHING, capabilities: ['fs.read'], tainted: true }).band).toBe('low');
  });

  it('shows the parts that give the value, the heaviest first', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { value, parts } = score(input);
        const product = parts.reduce((rest, { weight }) => rest * (1 - weight), 1);
        expect(value).toBe(Math.round(100 * (1 - product)));
        expect(parts.map(({ weight }) => weight)).toEqual(
          parts.map(({ weight }) => weight).toSorted((a, b) => b - a),
        );
      }),
    );
  });

  it('only grows with more evidence', () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom(...SEVERITIES), (input, severity) => {
        const { value } = score(input);
        expect(
          score({ ...input, findings: [...input.findings, finding('new', severity)] }).value,
        ).toBeGreaterThanOrEqual(value);
        expect(score({ ...input, tainted: true }).value).toBeGreaterThanOrEqual(
          score({ ...input, tainted: false }).value,
        );
        expect(score({ ...input, denied: input.denied + 1 }).value).toBeGreaterThanOrEqual(value);
        expect(value).toBeLessThanOrEqual(100);
      }),
    );
  });

  it('takes its weights and bands as data', () => {
    const strict = { ...SCORE_WEIGHTS, bands: { medium: 10, high: 20, critical: 30 } };
    expect(score({ ...NOTHING, findings: [finding('a', 'medium')] }, strict).band).toBe('critical');
    expect(bandOf(25, strict)).toBe('high');
  });
});
