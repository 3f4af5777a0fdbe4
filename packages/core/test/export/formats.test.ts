import { describe, expect, it } from 'vitest';
import type { ExportFormat, Rendering } from '../../src/export/rendering.ts';
import { messageOf, openRendering } from '../../src/export/rendering.ts';
import { callEvents, denial, record, sha256 } from './events.ts';

const HOSTILE = 'a|b=c\\d\n"e]\u2028CEF:0|x';

function open(format: ExportFormat, state?: Parameters<typeof openRendering>[1]): Rendering {
  return openRendering({ format, version: '1.2.3', sha256 }, state);
}

function lines(format: ExportFormat, events = callEvents()): string[] {
  const rendering = open(format);
  return events.flatMap((event) => rendering.take(event));
}

describe('an event as NDJSON', () => {
  it('carries the exact text that was hashed', () => {
    const [first] = lines('ndjson');
    const body = /"envelope":(.*)\}$/.exec(first ?? '')?.[1] ?? '';
    expect(sha256(body)).toBe(JSON.parse(first ?? '').hash);
  });

  it('has sealed values beside it, without the credentials among them', () => {
    const [event] = callEvents();
    if (event === undefined) throw new Error('no event');
    const values = { args: { headers: { Authorization: 'Bearer abc' }, path: '/notes' } };
    const parsed = JSON.parse(open('ndjson').take({ ...event, values })[0] ?? '');
    expect(parsed.values).toEqual({ args: { headers: { Authorization: '[redacted]' }, path: '/notes' } });
  });
});

describe('an event as a line of an audit log', () => {
  it('says of a denial which agent wanted what, though the event itself does not', () => {
    const line = JSON.parse(lines('jsonl').at(-1) ?? '');
    expect(line).toMatchObject({
      time: '2025-11-21T00:00:00.006Z',
      type: 'TOOL_RESULT',
      agent: 'coder',
      server: 'files',
      name: 'read_file',
      call_id: 'c1',
      outcome: 'executed',
      severity: 'info',
    });
  });

  it('has no commitments', () => {
    expect(lines('jsonl').join('\n')).not.toContain('$sealed');
  });
});

describe('an event as CEF', () => {
  it('has seven fields of a header and an extension', () => {
    expect(lines('cef')[1]).toBe(
      'CEF:0|Aegis|Aegis|1.2.3|TOOL_CALL_PROPOSED|tool call proposed|1|' +
        `rt=1763683200002 externalId=2 suser=ada sourceServiceName=coder destinationServiceName=files app=mcp-stdio request=read_file requestMethod=tools/call cs1=acme cs1Label=tenant cs2=ses_1 cs2Label=session cs3=c1 cs3Label=callId cs5=${callEvents()[1]?.hash} cs5Label=hash cn1=1 cn1Label=seq`,
    );
  });

  it('escapes what a hostile message says, so that it is one value of one record', () => {
    const [line = ''] = lines('cef', [denial(HOSTILE)]);
    expect(line).toContain('msg=a|b\\=c\\\\d\\n"e] CEF:0|x');
    expect(line.split(/[\r\n\u2028]/)).toHaveLength(1);
  });

  it('escapes pipes in the header and no other line can begin there', () => {
    const rendering = openRendering({ format: 'cef', version: '1|2\\3\n4', sha256 });
    const [line = ''] = rendering.take(denial('no'));
    expect(line.startsWith('CEF:0|Aegis|Aegis|1\\|2\\\\3 4|TOOL_CALL_DENIED|')).toBe(true);
  });
});

describe('an event as syslog', () => {
  it('is a message of RFC 5424', () => {
    const [line = ''] = lines('syslog', [denial('no')]);
    // PRI VERSION TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG
    expect(line).toMatch(
      /^<108>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z - aegis - TOOL_CALL_DENIED \[aegis@32473( [a-z]+="[^"]*")+\] \uFEFFTOOL_CALL_DENIED POLICY_DENY no$/,
    );
  });

  it('has a message id that is no longer than the standard allows', () => {
    for (const line of lines('syslog')) expect(line.split(' ')[5]?.length).toBeLessThanOrEqual(32);
  });

  it('escapes quotes, backslashes and brackets of parameters', () => {
    const events = callEvents({ tool: 'a"b]c\\d' });
    expect(lines('syslog', events)[1]).toContain(' name="a\\"b\\]c\\\\d"');
  });
});

describe('an event as OCSF', () => {
  it('is API Activity with what the class requires, when it is about a call', () => {
    const event = JSON.parse(lines('ocsf')[2] ?? '');
    expect(event).toMatchObject({
      category_uid: 6,
      class_uid: 6003,
      activity_id: 99,
      activity_name: 'POLICY_DECISION',
      type_uid: 600399,
      severity_id: 1,
      action_id: 1,
      disposition_id: 1,
      actor: { user: { name: 'ada' }, app_name: 'coder', session: { uid: 'ses_1' } },
      api: { operation: 'read_file', service: { name: 'files' } },
      src_endpoint: { name: 'mcp-stdio' },
      metadata: { version: '1.3.0', profiles: ['security_control'], sequence: 3, correlation_uid: 'c1' },
    });
    expect(event.time).toBe(1_763_683_200_003);
  });

  it('says that a denied call was blocked', () => {
    const events = [...callEvents().slice(0, 2), denial('no')];
    const event = JSON.parse(lines('ocsf', events)[2] ?? '');
    expect(event).toMatchObject({
      action_id: 2,
      disposition_id: 2,
      status_id: 2,
      status_code: 'POLICY_DENY',
    });
  });

  it('is a base event when it is about no call', () => {
    expect(JSON.parse(lines('ocsf')[0] ?? '')).toMatchObject({ class_uid: 0, type_uid: 99 });
  });
});

describe('a call as a span', () => {
  it('runs from the proposal to the result, below its session', () => {
    const ended = record('TERMINATION', { cause: 'done' }, 7);
    const [call, session] = lines('spans', [...callEvents(), ended]).map((line) => JSON.parse(line));
    expect(call).toMatchObject({ name: 'tools/call read_file', duration_ms: 4, failed: false });
    expect(call.attributes).toMatchObject({ 'gen_ai.tool.name': 'read_file', 'gen_ai.agent.name': 'coder' });
    expect(session).toMatchObject({ name: 'session', trace_id: call.trace_id, span_id: call.parent_span_id });
  });

  it('has the shape of an OTLP trace request in JSON', () => {
    const request = JSON.parse(lines('otlp')[0] ?? '');
    const [span] = request.resourceSpans[0].scopeSpans[0].spans;
    expect(request.resourceSpans[0].resource.attributes[0]).toEqual({
      key: 'service.name',
      value: { stringValue: 'aegis' },
    });
    expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(span).toMatchObject({
      kind: 3,
      startTimeUnixNano: '1763683200002000000',
      endTimeUnixNano: '1763683200006000000',
      status: {},
    });
    expect(span.attributes).toContainEqual({ key: 'aegis.position', value: { intValue: '6' } });
  });

  it('goes into one request with others', () => {
    const [line = ''] = lines('otlp');
    const { type, body } = messageOf('otlp', [line, line]);
    expect(type).toBe('application/json');
    expect(JSON.parse(body).resourceSpans).toHaveLength(2);
  });

  it('has an error when the call was denied', () => {
    const events = [...callEvents().slice(0, 2), denial('no')];
    const request = JSON.parse(lines('otlp', events)[0] ?? '');
    expect(request.resourceSpans[0].scopeSpans[0].spans[0].status).toEqual({ code: 2 });
  });
});

// INVARIANT: the same events after the same state give the same lines.
describe.each(['ndjson', 'jsonl', 'cef', 'ocsf', 'syslog', 'spans', 'otlp'] as const)(
  'a rendering as %s',
  (format) => {
    it('goes on from its state as if it had never stopped', () => {
      const events = [...callEvents(), record('TERMINATION', { cause: 'done' }, 7)];
      const whole = lines(format, events);
      for (let cut = 0; cut <= events.length; cut++) {
        const before = open(format);
        const first = events.slice(0, cut).flatMap((event) => before.take(event));
        const after = open(format, JSON.parse(JSON.stringify(before.state())));
        expect([...first, ...events.slice(cut).flatMap((event) => after.take(event))]).toEqual(whole);
      }
    });
  },
);
