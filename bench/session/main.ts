// What the state of a session costs: a decision and the fold of its events by the length of its history, and the
// memory of a session that waits.
import {
  compilePolicy,
  decide,
  DEFAULT_SETTINGS,
  type DecisionInput,
  type Envelope,
  type EventDraft,
  fold,
  readDocument,
  type Snapshot,
  startSnapshot,
} from '@aegis/core';
import { ContentTurns } from '../../packages/aegis/src/enforce/content-turns.ts';
import { Session, type SessionPorts } from '../../packages/aegis/src/enforce/session.ts';
import { createIds, sha256, systemClock, utf8 } from '../../packages/aegis/src/platform.ts';
import { markdownTable, median, writeReport } from '../report.ts';

const LENGTHS = [10, 1_000, 10_000];
const ROUNDS = 9;
const DECISIONS = 4_000;
const SESSIONS = 1_000;
const LIVE = 10_000;
const LIVE_EVENTS = 61;

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
      door: 'mcp-http',
      fingerprint,
      capabilities: ['fs.read'],
      finding_ids: [],
    };
    all.push(
      event(seq, 'TOOL_CALL_PROPOSED', proposed),
      event(seq + 1, 'POLICY_DECISION', {
        call_id,
        effect: 'allow',
        mode: 'enforce',
        audit: false,
        policy_digest: sha256(''),
        reasons: [{ code: 'OK', phase: 'rules', message: 'allowed by the rule `reading`' }],
        obligations: { mask: [], timeout_ms: 30_000, max_output_bytes: 1_048_576 },
      }),
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
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const NOWHERE: Session['turns'] = new ContentTurns();
const nothing = async function* () {};

/** What sessions need, with a store that keeps nothing: what is measured is what a session itself takes. */
const ports: SessionPorts = {
  clock: systemClock,
  ids: createIds(systemClock),
  store: {
    append: () => Promise.resolve(),
    session: nothing,
    entries: nothing,
    ofTypes: (_, after) => Promise.resolve({ entries: [], through: after, isLast: true }),
    pins: nothing,
    blob: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  },
  sha256,
  utf8,
};

/** So many sessions in which so many events happened. */
async function opened(count: number, events: number): Promise<readonly Session[]> {
  const drafts = history(events).map(({ event_type: type, payload }) => JSON.stringify({ type, payload }));
  const sessions: Session[] = [];
  for (let n = 0; n < count; n++) {
    const session = ports.ids.next('ses');
    const key = Buffer.from(ports.ids.random(32)).toString('hex');
    const one = new Session({ ...WHO, session, door: 'mcp-http' }, key, NOWHERE, ports);
    // Parsed anew for each, as a session has strings of its own.
    for (const draft of drafts) await one.record([JSON.parse(draft) as EventDraft]);
    sessions.push(one);
  }
  return sessions;
}

/** Bytes of memory for each of many sessions after so many events: in use, and at rest. */
async function memory(events: number): Promise<readonly [used: number, resting: number]> {
  const before = heap();
  const sessions = await opened(SESSIONS, events);
  const used = heap();
  for (const session of sessions) {
    session.rest();
    session.rest();
  }
  const resting = heap();
  if (sessions.some(({ snapshot }) => snapshot.events !== events)) throw new Error('a session is not whole');
  return [(used - before) / SESSIONS, (resting - before) / SESSIONS];
}

if (globalThis.gc === undefined) throw new Error('run it with --expose-gc');
const sizes: string[][] = [];
for (const events of [1, 11, 61, 201, 401]) {
  sizes.push([String(events), ...(await memory(events)).map((bytes) => (bytes / 1024).toFixed(1))]);
}

/** Many sessions at once: megabytes of all, and microseconds of a decision that goes from one to the next. */
async function crowd(): Promise<readonly string[][]> {
  const before = heap();
  const sessions = await opened(LIVE, LIVE_EVENTS);
  const row = (what: string): string[] => {
    const size = heap() - before;
    const each = timed(LIVE, () => {
      for (const { snapshot } of sessions) decide(policy as NonNullable<typeof policy>, inputFor(snapshot));
    });
    return [what, (size / 1024 / 1024).toFixed(0), each.toFixed(2)];
  };
  row('to warm up');
  const used = row('in use');
  for (const session of sessions) {
    session.rest();
    session.rest();
  }
  return [used, row('at rest, and woken by the decision')];
}
const crowded = await crowd();

writeReport(
  'session',
  'The state of a session',
  `
\`npm run bench:session\`: processor time, the median of ${ROUNDS} rounds in which every length has its turn. Budgets, the three
kinds of loops and a sequence are looked for; the calls are of 40 tools in turn.

${markdownTable(['events of history', 'a decision, µs', 'the fold of one call (5 events), µs'], rows)}

Memory of each of ${SESSIONS.toLocaleString('en')} open sessions after so many events, in KiB. A session that nobody asked for in
the last half minute to a minute rests: it is packed, and what it follows is dropped and read again when it is needed.

${markdownTable(['events', 'in use', 'at rest'], sizes)}

${LIVE.toLocaleString('en')} live sessions of ${LIVE_EVENTS} events each, and one decision in each of them in turn, its input built for it:

${markdownTable(['sessions', 'MB of all', 'a decision, µs'], crowded)}
`,
);
