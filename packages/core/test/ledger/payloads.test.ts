import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { canonicalJson } from '../../src/ledger/canonical.ts';
import { checkPayload, isCanonicalPayload, PAYLOADS } from '../../src/ledger/payloads.ts';
import { MAX_ERASED_HASHES } from '../../src/ledger/payloads/upkeep.ts';
import { quickCheck } from '../../src/ledger/quick-check.ts';
import { EVENT_TYPES, type EventDraft } from '../../src/model/event.ts';
import type { JsonObject } from '../../src/model/json.ts';
import * as drafts from './drafts.ts';
import { Recorder } from './recorder.ts';

const { DIGEST } = drafts;

const SAMPLES: readonly EventDraft[] = [
  drafts.started(),
  drafts.terminated(),
  drafts.errorRaised(),
  ...drafts.toolCall('c1'),
  drafts.accessProposed('c2'),
  drafts.accessAllowed('c2'),
  drafts.accessResult('c2'),
  drafts.accessDenied('c2'),
  drafts.denied('c1'),
  drafts.approvalRequested('c1'),
  drafts.approvalDecided('c1', true),
  drafts.receiptMinted('r1'),
  ...drafts.peoplesWords(),
  drafts.declassified('c1'),
  drafts.pinned(DIGEST),
  drafts.changed(DIGEST, DIGEST),
  drafts.accepted(DIGEST, DIGEST),
  drafts.signedIn(),
  drafts.signInRefused(),
  drafts.secretChanged(),
  drafts.secretUsed(),
  drafts.keyRotated(),
  drafts.restored(),
  drafts.erased(),
  drafts.archived(),
  drafts.activated(),
  drafts.killed(DIGEST, DIGEST),
  { type: 'MODEL_CALL_STARTED', payload: { model_call_id: 'm1', model: 'large' } },
  { type: 'MODEL_CALL_FINISHED', payload: { model_call_id: 'm1', outcome: 'completed', input_tokens: 3 } },
  { type: 'MEMORY_READ', payload: { store: 'notes', key: 'k', value_hash: DIGEST } },
  { type: 'MEMORY_WRITE', payload: { store: 'notes', key: 'k' } },
  { type: 'HANDOFF_REQUESTED', payload: { handoff_id: 'h1', to_agent: 'writer' } },
  { type: 'HANDOFF_COMPLETED', payload: { handoff_id: 'h1', outcome: 'accepted' } },
  {
    type: 'HANDOFF_USED',
    payload: {
      of_session: 'ses_2',
      of_call: 'call_1',
      agent: 'writer',
      server: 'files',
      name: 'read',
      tool: true,
      capabilities: ['fs.read'],
      fingerprint: 'f',
    },
  },
  { type: 'CHECKPOINT_CREATED', payload: { checkpoint_id: 'k1', state_hash: DIGEST } },
];

const OPTIONAL = new Set([
  'TOOL_CALL_PROPOSED.door',
  'ACCESS_PROPOSED.door',
  'ACCESS_PROPOSED.kind',
  'MODEL_CALL_FINISHED.input_tokens',
  'MEMORY_READ.value_hash',
  'KILL_SWITCHED.name',
  'KILL_SWITCHED.fingerprint',
  'KILL_SWITCHED.pinned',
  'DATA_DECLASSIFIED.call_id',
  'DATA_DECLASSIFIED.at',
  'PERSON_SIGNED_IN.tenant',
  'SIGN_IN_REFUSED.source',
  'SIGN_IN_REFUSED.locked_until_ms',
  'SECRET_CHANGED.secret',
  'SECRET_CHANGED.version',
  'TOOL_CHANGED.pinned',
  'TOOL_CHANGED.fingerprint',
  'TOOL_ACCEPTED.pinned',
  'DATA_ERASED.session',
]);

describe('payloads', () => {
  test('every event type is described, and the samples here cover all of them', () => {
    expect(Object.keys(PAYLOADS).sort()).toEqual([...EVENT_TYPES].sort());
    expect([...new Set(SAMPLES.map(({ type }) => type))].sort()).toEqual([...EVENT_TYPES].sort());
  });

  test.each(EVENT_TYPES)('%s has a JSON Schema that is closed', (type) => {
    expect(z.toJSONSchema(PAYLOADS[type])).toMatchObject({ type: 'object', additionalProperties: false });
  });

  test.each(SAMPLES)('$type is taken as described', ({ type, payload }) => {
    expect(checkPayload(type, payload)).toBeUndefined();
  });

  test('what is quickly taken is what the schema takes, and every sample is', () => {
    for (const { type, payload } of SAMPLES) {
      expect([type, quickCheck(PAYLOADS[type], 'any')(payload)]).toEqual([type, true]);
    }
    const sample = fc.constantFrom(...SAMPLES);
    const other = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(undefined, Number.NaN, -1, 0.5, 2 ** 53, 101, '', DIGEST),
    );
    fc.assert(
      fc.property(sample, fc.nat(), other, ({ type, payload }, nth, value) => {
        const names = Object.keys(PAYLOADS[type].shape);
        const name = names[nth % names.length] ?? '';
        const changed = { ...payload, [name]: value } as JsonObject;
        if (quickCheck(PAYLOADS[type], 'any')(changed))
          expect(PAYLOADS[type].safeParse(changed).success).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('what is taken for canonical is what the schema takes, printed as it stands, and every sample in order is', () => {
    for (const { type, payload } of SAMPLES) {
      const inOrder = JSON.parse(canonicalJson(payload)) as JsonObject;
      expect([type, isCanonicalPayload(type, inOrder)]).toEqual([type, true]);
    }
    const other = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(undefined, Number.NaN, -0, 2 ** 53, 101, '', DIGEST),
      fc.constant(Object.assign(['fs.read'], { toJSON: () => 'forged' })),
    );
    fc.assert(
      fc.property(fc.constantFrom(...SAMPLES), fc.nat(), fc.boolean(), other, (draft, nth, keep, value) => {
        const { type } = draft;
        const payload = JSON.parse(canonicalJson(draft.payload)) as JsonObject;
        const names = Object.keys(PAYLOADS[type].shape);
        const name = names[nth % names.length] ?? '';
        const { [name]: before, ...rest } = payload;
        // A member that is set anew stands last.
        const changed = (keep ? { ...payload, [name]: value } : { ...rest, [name]: before }) as JsonObject;
        if (!isCanonicalPayload(type, changed)) return;
        expect(PAYLOADS[type].safeParse(changed).success).toBe(true);
        expect(JSON.stringify(changed)).toBe(canonicalJson(changed));
      }),
      { numRuns: 2000 },
    );
  });

  test.each<[string, (payload: JsonObject) => object]>([
    ['with a member out of order', ({ agent, ...rest }) => ({ ...rest, agent })],
    ['with a foreign member', (payload) => ({ ...payload, zeal: 1 })],
    ['without a member', ({ agent, policy_digest }) => ({ agent, policy_digest })],
    [
      'of another prototype',
      (payload) => Object.assign(Object.create({ toJSON: () => 1 }) as object, payload),
    ],
    ['that has taught itself to print', (payload) => ({ ...payload, toJSON: () => 1 })],
  ])('a payload %s is not taken for canonical', (_what, change) => {
    const payload = JSON.parse(canonicalJson(drafts.started().payload)) as JsonObject;
    expect(isCanonicalPayload('SESSION_STARTED', payload)).toBe(true);
    expect(isCanonicalPayload('SESSION_STARTED', change(payload) as JsonObject)).toBe(false);
  });

  test.each<[string, z.ZodType, unknown]>([
    ['an open object', z.object({ a: z.string() }), { a: 'x' }],
    ['a refinement', z.strictObject({ a: z.string().refine(() => false) }), { a: 'x' }],
    ['a change', z.strictObject({ a: z.string().trim() }), { a: 'x' }],
    ['a format', z.strictObject({ a: z.email() }), { a: 'ada@example.org' }],
    ['a strict bound', z.strictObject({ a: z.number().gt(1) }), { a: 2 }],
    ['a kind of number', z.strictObject({ a: z.int32() }), { a: 1 }],
    ['a union', z.union([z.string(), z.number()]), 'x'],
  ])('%s in a schema is never quickly taken', (_what, schema, value) => {
    expect(quickCheck(schema, 'any')(value)).toBe(false);
    expect(quickCheck(schema, 'canonical')(value)).toBe(false);
  });

  test.each(SAMPLES)('$type with a field that is not described is refused', ({ type, payload }) => {
    expect(checkPayload(type, { ...payload, extra: 1 })).toContain('extra');
  });

  test.each(SAMPLES)('$type without a required field is refused', ({ type, payload }) => {
    for (const name of Object.keys(payload)) {
      if (OPTIONAL.has(`${type}.${name}`)) continue;
      const { [name]: _, ...rest } = payload;
      expect(checkPayload(type, rest)).toContain(name);
    }
  });

  test.each<[EventDraft, JsonObject, string]>([
    [drafts.decided('c1'), { effect: 'maybe' }, '`effect`'],
    [drafts.decided('c1'), { reasons: [] }, '`reasons`'],
    [drafts.decided('c1'), { policy_digest: 'ABC' }, '`policy_digest`'],
    [drafts.allowed('c1'), { decision: 'deny' }, '`decision`'],
    [drafts.denied('c1'), { code: 'NO_SUCH_CODE' }, '`code`'],
    [drafts.executed('c1'), { duration_ms: -1 }, '`duration_ms`'],
    [drafts.result('c1'), { masked: 0.5 }, '`masked`'],
    [drafts.result('c1'), { outcome: 'maybe' }, '`outcome`'],
    [drafts.proposed('c1'), { capabilities: ['everything'] }, '`capabilities.0`'],
    [drafts.receiptMinted('r1'), { sha256: 'x' }, '`sha256`'],
    [drafts.pinned(DIGEST), { kind: 'resource' }, '`kind`'],
    [drafts.pinned(DIGEST), { pinned: DIGEST }, 'pinned'],
    [drafts.changed(DIGEST, DIGEST), { state: 'other' }, '`state`'],
    [drafts.accepted(DIGEST, DIGEST), { fingerprint: 'short' }, '`fingerprint`'],
    [drafts.started(), { durability: 'none' }, '`durability`'],
    [drafts.restored(), { lost_root: 'x' }, '`lost_root`'],
    [drafts.erased(), { scope: 'tenant' }, '`scope`'],
    [drafts.erased(), { hashes: [] }, '`hashes`'],
    [drafts.erased(), { hashes: Array(MAX_ERASED_HASHES + 1).fill(DIGEST) }, '`hashes`'],
    [drafts.archived(), { sessions: -1 }, '`sessions`'],
  ])('%o with %o is refused and the place is named', ({ type, payload }, change, place) => {
    expect(checkPayload(type, { ...payload, ...change })).toContain(place);
  });

  test('a session can say how durable its appends were', () => {
    const { type, payload } = drafts.started();
    for (const durability of ['full', 'group', 'relaxed']) {
      expect(checkPayload(type, { ...payload, durability })).toBeUndefined();
    }
  });

  test('the longest list of erased values fits into an envelope, with a page of reasons', () => {
    const hashes = Array<string>(MAX_ERASED_HASHES).fill(DIGEST);
    const draft = drafts.erased(hashes, 'x'.repeat(4000));
    expect(() => new Recorder().record(drafts.started(), draft)).not.toThrow();
  });
});
