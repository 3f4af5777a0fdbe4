import { describe, expect, it } from 'vitest';
import { MetricsFold } from '../../src/export/metrics.ts';
import { callEvents, denial } from './events.ts';

function counted(): MetricsFold {
  const fold = new MetricsFold();
  for (const event of [...callEvents(), denial('no', 7)]) fold.take(event);
  return fold;
}

describe('metrics', () => {
  it('count events, decisions, denials and results', () => {
    const lines = counted().text().split('\n');
    expect(lines).toContain('aegis_events_total{tenant="acme",type="TOOL_CALL_DENIED"} 1');
    expect(lines).toContain('aegis_decisions_total{tenant="acme",effect="allow"} 1');
    expect(lines).toContain('aegis_denials_total{tenant="acme",code="POLICY_DENY"} 1');
    expect(lines).toContain('aegis_results_total{tenant="acme",outcome="executed"} 1');
    expect(lines).toContain('aegis_followed_position 7');
  });

  it('have a histogram whose buckets are cumulative', () => {
    const lines = counted().text().split('\n');
    const of = (le: string) => `aegis_upstream_duration_seconds_bucket{tenant="acme",le="${le}"}`;
    expect(lines).toContain(`${of('0.01')} 0`);
    expect(lines).toContain(`${of('0.025')} 1`);
    expect(lines).toContain(`${of('+Inf')} 1`);
    expect(lines).toContain('aegis_upstream_duration_seconds_sum{tenant="acme"} 0.012');
    expect(lines).toContain('aegis_upstream_duration_seconds_count{tenant="acme"} 1');
  });

  it('are lines that Prometheus reads', () => {
    const sample =
      /^[a-z_]+(?:\{[a-z]+="(?:[^"\\\n]|\\[\\"n])*"(?:,[a-z]+="(?:[^"\\\n]|\\[\\"n])*")*\})? [0-9.e+-]+$/;
    for (const line of counted().text().trimEnd().split('\n')) {
      expect(line.startsWith('# ') || sample.test(line), line).toBe(true);
    }
  });

  it('of one tenant say nothing of others', () => {
    expect(counted().text('elsewhere')).not.toContain('acme');
    expect(counted().text('acme')).toContain('acme');
  });

  it('go on from what was kept', () => {
    const fold = new MetricsFold(JSON.parse(JSON.stringify(counted().state())));
    fold.take(denial('no', 8));
    expect(fold.text()).toContain('aegis_denials_total{tenant="acme",code="POLICY_DENY"} 2');
  });

  it('do not grow with every tenant', () => {
    const fold = new MetricsFold();
    for (let i = 1; i <= 400; i++) {
      const event = denial('no', i);
      fold.take({ ...event, envelope: { ...event.envelope, tenant_id: `t${i}` } });
    }
    const tenants = fold.text().match(/^aegis_denials_total\{tenant="/gm);
    expect(tenants).toHaveLength(257);
    expect(fold.text()).toContain('aegis_denials_total{tenant="(others)",code="POLICY_DENY"} 144');
  });
});
