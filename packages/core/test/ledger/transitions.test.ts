import { describe, expect, test } from 'vitest';
import type { EventDraft } from '../../src/model/event.ts';
import { MAX_OPEN_CALLS } from '../../src/session/snapshot.ts';
import * as d from './drafts.ts';
import { Recorder } from './recorder.ts';
import { checkTransition } from '../../src/ledger/transitions.ts';

/** Says how the last draft breaks the order that the drafts before it begin; undefined when it does not. */
function broken(...drafts: readonly EventDraft[]): string | undefined {
  const last = drafts.at(-1);
  const recorder = new Recorder().record(...drafts.slice(0, -1));
  return last === undefined ? undefined : checkTransition(recorder.snapshot, last);
}

const tool = [d.started(), d.proposed('c')];
const ask = [...tool, d.decided('c', 'require_approval')];
const access = [d.started(), d.accessProposed('c')];

const LEGAL: Record<string, readonly EventDraft[]> = {
  'a tool call that ran': [d.started(), ...d.toolCall('c')],
  'a denied tool call': [...tool, d.decided('c', 'deny'), d.denied('c')],
  'an allowed call that enforcement then refused': [...tool, d.decided('c'), d.denied('c')],
  'a call that a person approved': [
    ...ask,
    d.approvalRequested('c'),
    d.approvalDecided('c', true),
    d.allowed('c', 'approved'),
    d.executed('c'),
    d.result('c'),
  ],
  'a call that a person refused': [
    ...ask,
    d.approvalRequested('c'),
    d.approvalDecided('c', false),
    d.denied('c'),
  ],
  'an approved call whose budget was gone by then': [
    ...ask,
    d.approvalRequested('c'),
    d.approvalDecided('c', true),
    d.denied('c'),
  ],
  'a held call that nobody could be asked about': [...ask, d.denied('c')],
  'a held call whose waiting broke off': [...ask, d.approvalRequested('c'), d.denied('c')],
  'a call denied in shadow mode': [...tool, d.decided('c', 'deny', 'shadow'), d.allowed('c', 'shadow')],
  'a call held in shadow mode': [
    ...tool,
    d.decided('c', 'require_approval', 'shadow'),
    d.allowed('c', 'shadow'),
  ],
  'a call allowed in shadow mode': [...tool, d.decided('c', 'allow', 'shadow'), d.allowed('c')],
  'an execution that failed before it began': [
    ...tool,
    d.decided('c'),
    d.allowed('c'),
    d.result('c', 'failed'),
  ],
  'an outcome that a crash took away': [...tool, d.decided('c'), d.allowed('c'), d.result('c', 'unknown')],
  'an error on the way': [...tool, d.decided('c'), d.allowed('c'), d.errorRaised(), d.result('c', 'failed')],
  'a withheld result': [...tool, d.decided('c'), d.allowed('c'), d.executed('c'), d.result('c', 'withheld')],
  'an access of another kind': [...access, d.decided('c'), d.accessAllowed('c'), d.accessResult('c')],
  'a denied access': [...access, d.decided('c', 'deny'), d.accessDenied('c')],
  'two calls at once': [
    d.started(),
    d.proposed('a'),
    d.proposed('b'),
    d.decided('b'),
    d.decided('a', 'deny'),
    d.allowed('b'),
    d.denied('a'),
    d.executed('b'),
    d.result('b'),
  ],
  'a receipt between the execution and its result': [
    ...tool,
    d.decided('c'),
    d.allowed('c'),
    d.executed('c'),
    d.receiptMinted('r'),
    d.result('c'),
  ],
  'what the ledger says of itself, also while a call is open': [
    ...tool,
    d.keyRotated(),
    d.restored(),
    d.erased(),
    d.archived(),
    d.decided('c'),
  ],
  'a session that ends while a call is open': [...tool, d.terminated()],
};

const ILLEGAL: Record<string, { drafts: readonly EventDraft[]; rule: string }> = {
  'a session that begins with a call': { drafts: [d.proposed('c')], rule: 'begins with `SESSION_STARTED`' },
  'a second start': { drafts: [d.started(), d.started()], rule: 'once, at seq 0' },
  'an event after the end': {
    drafts: [d.started(), d.terminated(), d.errorRaised()],
    rule: 'follow `TERMINATION`',
  },
  'a second end': { drafts: [d.started(), d.terminated(), d.terminated()], rule: 'follow `TERMINATION`' },
  'the same call proposed twice': { drafts: [...tool, d.proposed('c')], rule: 'was proposed before' },
  'an execution without a decision': {
    drafts: [...tool, d.allowed('c')],
    rule: 'it is proposed, not decided',
  },
  'a denial without a decision': { drafts: [...tool, d.denied('c')], rule: 'it is proposed, not decided' },
  'a second decision': {
    drafts: [...tool, d.decided('c', 'deny'), d.decided('c')],
    rule: 'it is decided, not proposed',
  },
  'a decision on nothing': { drafts: [d.started(), d.decided('c')], rule: 'it is not open' },
  'an allowance against the decision': {
    drafts: [...tool, d.decided('c', 'deny'), d.allowed('c')],
    rule: 'the passage `none`, not `allow`',
  },
  'an allowance without the person asked for': {
    drafts: [...ask, d.allowed('c')],
    rule: 'the passage `ask`, not `allow`',
  },
  'an allowance before the person has answered': {
    drafts: [...ask, d.approvalRequested('c'), d.allowed('c', 'approved')],
    rule: 'the passage `asked`, not `approved`',
  },
  'an allowance against the person': {
    drafts: [...ask, d.approvalRequested('c'), d.approvalDecided('c', false), d.allowed('c', 'approved')],
    rule: 'the passage `none`, not `approved`',
  },
  'an approval claimed that nobody gave': {
    drafts: [...tool, d.decided('c'), d.allowed('c', 'approved')],
    rule: 'the passage `allow`, not `approved`',
  },
  'an enforced denial passed off as shadow': {
    drafts: [...tool, d.decided('c', 'deny'), d.allowed('c', 'shadow')],
    rule: 'the passage `none`, not `shadow`',
  },
  'a person asked without need': {
    drafts: [...tool, d.decided('c'), d.approvalRequested('c')],
    rule: 'the passage `allow`, not `ask`',
  },
  'a person asked twice': {
    drafts: [...ask, d.approvalRequested('c'), d.approvalRequested('c')],
    rule: 'the passage `asked`, not `ask`',
  },
  'an answer that nobody asked for': {
    drafts: [...ask, d.approvalDecided('c', true)],
    rule: 'the passage `ask`, not `asked`',
  },
  'an execution of what was only decided': {
    drafts: [...tool, d.decided('c'), d.executed('c')],
    rule: 'it is decided, not allowed',
  },
  'an execution of what was denied': {
    drafts: [...tool, d.decided('c', 'deny'), d.denied('c'), d.executed('c')],
    rule: 'it is not open',
  },
  'a call executed twice': {
    drafts: [...tool, d.decided('c'), d.allowed('c'), d.executed('c'), d.executed('c')],
    rule: 'it is executed, not allowed',
  },
  'a result of what never ran': {
    drafts: [...tool, d.decided('c'), d.allowed('c'), d.result('c')],
    rule: 'it is allowed, not executed',
  },
  'a result before the allowance': {
    drafts: [...tool, d.decided('c'), d.result('c', 'failed')],
    rule: 'it is decided, not allowed',
  },
  'a second result': { drafts: [d.started(), ...d.toolCall('c'), d.result('c')], rule: 'it is not open' },
  'a denial of what is allowed already': {
    drafts: [...tool, d.decided('c'), d.allowed('c'), d.denied('c')],
    rule: 'it is allowed, not decided',
  },
  'a tool call closed as an access': {
    drafts: [...tool, d.decided('c'), d.accessAllowed('c')],
    rule: 'it is of the tool family',
  },
  'an access closed as a tool call': {
    drafts: [...access, d.decided('c', 'deny'), d.denied('c')],
    rule: 'it is of the access family',
  },
  'an access result before the allowance': {
    drafts: [...access, d.decided('c'), d.accessResult('c')],
    rule: 'it is decided, not allowed',
  },
};

describe('the order of events', () => {
  test.each(Object.entries(LEGAL))('permits %s', (_, drafts) => {
    const recorder = new Recorder();
    expect(() => recorder.record(...drafts)).not.toThrow();
  });

  test.each(Object.entries(ILLEGAL))('forbids %s', (_, { drafts, rule }) => {
    expect(broken(...drafts)).toContain(rule);
  });

  test('a session cannot collect calls without an outcome beyond the limit', () => {
    const recorder = new Recorder().record(d.started());
    for (let i = 0; i < MAX_OPEN_CALLS; i++) recorder.record(d.proposed(`c${i}`));
    expect(checkTransition(recorder.snapshot, d.proposed('one-more'))).toContain('at most 1024 calls');
    recorder.record(d.decided('c0', 'deny'), d.denied('c0'));
    expect(checkTransition(recorder.snapshot, d.proposed('one-more'))).toBeUndefined();
  });
});
