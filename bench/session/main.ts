// What the state of a session costs: a decision and the fold of its events by the length of its history, and the
// memory of a session that waits.
import {
  compilePolicy,
  decide,
  DEFAULT_SETTINGS,
  type DecisionInput,
  type Envelope,
  fold,
  readDocument,
  type Snapshot,
  startSnapshot,
} from '@aegis/core';
import { sha256 } from '../../packages/aegis/src/platform.ts';
import { markdownTable, median, writeReport } from '../report.ts';

const LENGTHS = [10, 1_000, 10_000];
const ROUNDS = 9;
const DECISIONS = 4_000;
const SESSIONS = 10_000;

/** Events of one call: proposed, decided, allowed, executed, ended. */
const EVENTS_OF_A_CALL = 5;

const WHO = { tenant: 'acme', session: 'ses_1', agent: 'coder', user: 'ada' };

const RULES = `
[[policies]]
name = "reading"
action = "allow"
when = { tool_name = "read_*" }
`;

const settings = {
  ...DEFAULT_SETTINGS,
  limits: { ...DEFAULT_SETTINGS.limits, maxSteps: 1e9, maxToolCalls: 1e9, maxWallTimeMs: 1e9 },
  loops: {
    sequence: { times: 3, action: 'deny' },
    sameAnswer: { times: 8, action: 'deny' },
    errors: { times: 5, action: 'deny' },
  },
  sequences: [
    {
      name: 'nothing-out-after-secrets',
      first: { capability: ['secret.read'] },
      next: { capability: ['fs.read'] },
      action: 'deny',
      invariant: false,
    },
  ],
} as const;

const { policy } = compilePolicy({
  parts: [{ document: readDocument({ text: RULES, file: 'policy.toml' }), path: ['policies'] }],
  settings,
  sha256,
});
if (policy === undefined) throw new Error('the policy of the benchmark does not compile');

const event = (seq: number, event_type: Envelope['event_type'], payload: Envelope['payload']): Envelope => ({
  event_type,
  payload,
  seq,
  session_id: WHO.session,
  tenant_id: WHO.tenant,
  ts_unix_ms: 1_800_000_000_000 + seq,
  user_id: WHO.user,
});

/** A session in which so many events happened, the calls of 40 tools in turn. */
function history(events: number): Envelope[] {
  const all = [event(0, 'SESSION_STARTED', { agent: 'coder', door: 'mcp-http', policy_digest: sha256('') })];
  for (let call = 0; all.length < events; call++) {
    const call_id = `call_${call}`;
    const tool_name = `read_${call % 40}`;
    const fingerprint = sha256(`${call}`);
    const seq = all.length;
    const proposed = {
      call_id,
      server: 'files',
      tool_name,
      method: 'tools/call',
      fingerprint,
      capabilities: ['fs.read'],
      finding_ids: [],
    };
    all.push(
      event(seq, 'TOOL_CALL_PROPOSED', proposed),
      event(seq + 1, 'POLICY_DECISION', { call_id, effect: 'allow', mode: 'enforce' }),
      event(seq + 2, 'TOOL_CALL_ALLOWED', { call_id, fingerprint, decision: 'allow' }),
      event(seq + 3, 'TOOL_CALL_EXECUTED', { call_id, duration_ms: 1, upstream: 'result' }),
      event(seq + 4, 'TOOL_RESULT', {
        call_id,
        outcome: 'executed',
        masked: 0,
        answer_fingerprint: sha256(`a${call}`),
      }),
    );
  }
  return all;
}

function folded(events: readonly Envelope[]): Snapshot {
  return events.reduce(fold, startSnapshot(WHO));
}

function inputFor(snapshot: Snapshot): DecisionInput {
  return {
    request: {
      id: 'call_x',
      subject: WHO,
      action: { method: 'tools/call', door: 'mcp-http' },
      resource: { kind: 'tool', server: 'files', name: 'read_7' },
      args: { path: 'a' },
      nowMs: 1_800_000_100_000,
    },
    facts: { capabilities: ['fs.read'], findings: [], paths: [], urls: [], contents: [] },
    snapshot,
    server: undefined,
    receipts: new Map(),
    callFingerprint: sha256('another'),
  };
}

/** Microseconds of processor time for one of `count`. */
function timed(count: number, work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

const histories = LENGTHS.map((events) => history(events));
const decisions = LENGTHS.map((): number[] => []);
const folds = LENGTHS.map((): number[] => []);
for (let round = 0; round <= ROUNDS; round++) {
  histories.forEach((events, at) => {
    const input = inputFor(folded(events));
    if (decide(policy, input).effect !== 'allow') throw new Error('the call of the benchmark is denied');
    const deciding = timed(DECISIONS, () => {
      for (let n = 0; n < DECISIONS; n++) decide(policy, input);
    });
    const tail =
      events.slice(-EVENTS_OF_A_CALL).length === EVENTS_OF_A_CALL ? events.slice(-EVENTS_OF_A_CALL) : events;
    const before = folded(events.slice(0, -tail.length));
    const folding = timed(DECISIONS, () => {
      for (let n = 0; n < DECISIONS; n++) tail.reduce(fold, before);
    });
    // The first round warms up.
    if (round > 0) {
      decisions[at]?.push(deciding);
      folds[at]?.push(folding);
    }
  });
}

const rows = LENGTHS.map((events, at) => [
  events.toLocaleString('en'),
  median(decisions[at] ?? []).toFixed(2),
  median(folds[at] ?? []).toFixed(2),
]);

function heap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Bytes of heap for each of 10,000 sessions that wait after so many events. */
function memory(events: number): number {
  const texts = history(events).map((one) => JSON.stringify(one));
  const before = heap();
  // Parsed anew for each, as a session has strings of its own.
  const sessions = Array.from({ length: SESSIONS }, () =>
    texts.map((text) => JSON.parse(text) as Envelope).reduce(fold, startSnapshot({ ...WHO })),
  );
  const after = heap();
  if (sessions.length !== SESSIONS) throw new Error('a session is missing');
  return (after - before) / SESSIONS;
}

if (globalThis.gc === undefined) throw new Error('run it with --expose-gc');
const sizes = [1, 11, 61, 201].map((events) => [String(events), (memory(events) / 1024).toFixed(1)]);

writeReport(
  'session',
  'The state of a session',
  `
\`npm run bench:session\`: processor time, the median of ${ROUNDS} rounds in which every length has its turn. Budgets, the three
kinds of loops and a sequence are looked for; the calls are of 40 tools in turn.

${markdownTable(['events of history', 'a decision, µs', 'the fold of one call (5 events), µs'], rows)}

Memory of each of ${SESSIONS.toLocaleString('en')} sessions that are open and wait, after so many events (heap, KiB):

${markdownTable(['events', 'KiB a session'], sizes)}
`,
);
