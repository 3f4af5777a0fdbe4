import { describe, expect, it } from 'vitest';
import { SummaryFold, summaryJson } from '../../src/export/summary.ts';
import { summaryHtml, summaryMarkdown } from '../../src/export/summary-page.ts';
import { callEvents, denial, MIDNIGHT, record } from './events.ts';

const DAY_MS = 86_400_000;

function summed(events = callEvents()) {
  const fold = new SummaryFold(MIDNIGHT, MIDNIGHT + DAY_MS);
  for (const event of events) fold.take(event);
  return fold.summary();
}

describe('a summary', () => {
  it('counts calls, denials, answers of people and changes', () => {
    const events = [
      ...callEvents(),
      denial('no', 7),
      record('APPROVAL_REQUESTED', { call_id: 'c2' }, 8),
      record('APPROVAL_DECIDED', { call_id: 'c2', approved: false, by: 'ada' }, 9),
      record('TOOL_ACCEPTED', { server: 'files', kind: 'tool', name: 'read', by: 'ada' }, 10),
    ];
    expect(summaryJson(summed(events))).toMatchObject({
      from: '2025-11-21T00:00:00.000Z',
      to: '2025-11-22T00:00:00.000Z',
      events: 10,
      sessions: 1,
      calls: 1,
      denied: 1,
      approvals: { asked: 1, approved: 0, refused: 1 },
      codes: [{ name: 'POLICY_DENY', count: 1 }],
      agents: [{ name: 'coder', count: 1 }],
      tools: [{ name: 'files/read_file', count: 1 }],
      changes: [{ at: '2025-11-21T00:00:00.010Z', type: 'TOOL_ACCEPTED', by: 'ada', text: 'files read' }],
      more_changes: 0,
    });
  });

  it('counts a day, and knows from the day before what its calls are about', () => {
    const [started, proposed] = callEvents();
    if (started === undefined || proposed === undefined) throw new Error('no events');
    const dayBefore = [
      record('SESSION_STARTED', started.envelope.payload, 1, MIDNIGHT - 2),
      record('TOOL_CALL_PROPOSED', proposed.envelope.payload, 2, MIDNIGHT - 1),
    ];
    const after = denial('no', 9, MIDNIGHT + DAY_MS);
    const summary = summed([...dayBefore, denial('no', 3), after]);
    expect(summary).toMatchObject({ events: 1, calls: 0, denied: 1 });
  });

  it('lists no more than some changes, and says how many there were', () => {
    const changes = Array.from({ length: 25 }, (_, i) => record('GRANT_REVOKED', { by: `p${i}` }, i + 1));
    const summary = summed(changes);
    expect(summary.changes).toHaveLength(20);
    expect(summary.moreChanges).toBe(5);
    expect(summaryMarkdown(summary)).toContain('and 5 more');
  });
});

// SECURITY: names that agents and servers chose are shown, and never read as markup.
describe('a page of a summary', () => {
  const hostile = '<img src=x onerror=alert(1)>|[click](https://evil.example)';

  it('in HTML holds no markup of others', () => {
    const page = summaryHtml(summed(callEvents({ tool: hostile })));
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });

  it('in Markdown holds no link, markup or cell of others', () => {
    const page = summaryMarkdown(summed(callEvents({ tool: hostile })));
    expect(page).toContain('\\<img src=x onerror=alert\\(1\\)\\>\\|\\[click\\]\\(https\\://evil.example\\)');
  });
});
