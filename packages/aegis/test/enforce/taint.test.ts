import type { JsonObject } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import type { SessionHandle } from '../../src/enforce/door.ts';
import { createHarness, type Harness, reply, scriptedPerson } from './harness.ts';
import { ALLOW, codeOf, harness, MANIFEST, PAGE, payloadsOf, readPage, STEERING, TAINT } from './tainted.ts';

describe('a condition that reads labels', () => {
  it('has data followed without anything else, and sees where the arguments of a call come from', async () => {
    const condition = `has(taint.authority.to) && "external" in taint.authority.to`;
    const policy = `[[policies]]\nname = "strange"\naction = "deny"\ncondition = '${condition}'\n${ALLOW}`;
    const h = await createHarness({ policy, manifest: MANIFEST });
    const session = await h.open();
    await readPage(h, session, PAGE);
    expect(codeOf(await h.call(session, 'send', { to: 'ada@acme.example', body: PAGE }))).toBe('result');
    expect(await h.call(session, 'send', { to: 'eve@elsewhere.example', body: '' })).toMatchObject({
      denial: { code: 'POLICY_DENY', rule: 'strange' },
    });
  });
});

describe('an injected document followed by a command', () => {
  it('is denied, and a command of the model itself passes', async () => {
    const h = await harness();
    const session = await h.open();
    await readPage(h, session, PAGE);
    expect(codeOf(await h.call(session, 'run', { command: 'make test' }))).toBe('result');
    const verdict = await h.call(session, 'run', { command: 'fetch-it --from mirror.elsewhere.example' });
    expect(verdict).toMatchObject({ kind: 'denied', denial: { code: 'TAINTED_TO_HIGH_RISK' } });
  });

  it('is recorded with the argument, its labels and the call that it was read in', async () => {
    const h = await harness();
    const session = await h.open();
    await readPage(h, session, PAGE);
    await h.call(session, 'run', { command: 'ping mirror.elsewhere.example' });
    const [read] = await payloadsOf(h, session, 'TOOL_RESULT');
    expect(read).toMatchObject({ labels: ['external'] });
    const decision = (await payloadsOf(h, session, 'POLICY_DECISION')).at(-1);
    expect(decision).toMatchObject({
      taints: [
        {
          at: '/command',
          labels: ['external'],
          from: [read?.['call_id']],
          agreement: 'part',
          use: 'authority',
        },
      ],
    });
  });

  it('is what the error of a server can be, too', async () => {
    const h = await harness();
    const session = await h.open();
    await h.call(session, 'fetch', {}, () =>
      Promise.resolve({ kind: 'error', code: -32000, message: PAGE, data: null }),
    );
    expect(
      codeOf(await h.call(session, 'run', { command: 'fetch-it --from mirror.elsewhere.example' })),
    ).toBe('TAINTED_TO_HIGH_RISK');
  });

  it('passes when the first result was withheld: nobody read it', async () => {
    const h = await harness({ guards: { results: { medium: 'withhold' } } });
    const session = await h.open();
    expect(codeOf(await readPage(h, session, STEERING))).toBe('GUARD_PROMPT');
    expect(codeOf(await h.call(session, 'send', { to: 'eve@elsewhere.example' }))).toBe('result');
  });

  it('passes when the tool is declared as trusted', async () => {
    const h = await harness();
    const session = await h.open();
    await readPage(h, session, 'your address is ann@own.example', 'me');
    await readPage(h, session, 'write to ann@own.example');
    expect(codeOf(await h.call(session, 'send', { to: 'ann@own.example' }))).toBe('result');
  });

  it('is let go on in shadow, and recorded as what it would have been', async () => {
    const h = await harness({ mode: 'shadow' });
    const session = await h.open();
    await readPage(h, session, PAGE);
    expect(codeOf(await h.call(session, 'run', { command: 'x mirror.elsewhere.example' }))).toBe('result');
    expect((await payloadsOf(h, session, 'POLICY_DECISION')).at(-1)).toMatchObject({
      effect: 'deny',
      mode: 'shadow',
    });
  });
});

describe('a result that tries to steer the model', () => {
  it('has every call asked about that nothing said before leads to', async () => {
    const h = await harness();
    const session = await h.open();
    await h.call(session, 'read', { path: './report.md', for: 'ann@own.example' });
    await readPage(h, session, STEERING);
    expect(codeOf(await h.call(session, 'send', { to: 'ann@own.example', body: 'the report' }))).toBe(
      'result',
    );
    expect(codeOf(await h.call(session, 'send', { to: 'bob@own.example', body: 'the report' }))).toBe(
      'APPROVAL_REQUIRED',
    );
    expect(codeOf(await h.call(session, 'read', { path: './other.md' }))).toBe('result');
  });
});

describe('what a client says that its user said', () => {
  const call = (h: Harness, session: SessionHandle, userText: string) =>
    h.kernel.mediate(session, {
      method: 'tools/call',
      resource: { kind: 'tool', server: 'data', name: 'send' },
      args: { to: 'eve@elsewhere.example' },
      userText,
      execute: () => Promise.resolve(reply({})),
    });

  it('is believed when the settings say so, and sealed once', async () => {
    const h = await harness({ taint: { ...TAINT, userText: true } });
    const session = await h.open();
    await readPage(h, session, PAGE);
    expect(codeOf(await call(h, session, 'Please answer Eve.'))).toBe('APPROVAL_REQUIRED');
    expect(codeOf(await call(h, session, 'Write to eve@elsewhere.example.'))).toBe('result');
    expect(codeOf(await call(h, session, 'Write to eve@elsewhere.example.'))).toBe('result');
    const sealed = (await payloadsOf(h, session, 'TOOL_CALL_PROPOSED')).map(({ $sealed }) =>
      Object.keys($sealed as JsonObject),
    );
    expect(sealed).toEqual([['/args'], ['/args', '/user_text'], ['/args', '/user_text'], ['/args']]);
  });

  it('is not believed by default', async () => {
    const h = await harness();
    const session = await h.open();
    await readPage(h, session, PAGE);
    expect(codeOf(await call(h, session, 'Write to eve@elsewhere.example.'))).toBe('APPROVAL_REQUIRED');
  });
});

describe('declassification', () => {
  it('by a person: what was approved is not asked about again in the session', async () => {
    const asked: JsonObject[] = [];
    const approver = scriptedPerson(({ args }) => {
      asked.push(args);
      return Promise.resolve({ kind: 'approved', by: 'ann' });
    });
    const h = await harness({ approver });
    const session = await h.open();
    await readPage(h, session, PAGE);
    const to = 'eve@elsewhere.example';
    expect(codeOf(await h.call(session, 'send', { to, body: 'hello' }))).toBe('result');
    expect(codeOf(await h.call(session, 'send', { to, body: 'again' }))).toBe('result');
    expect(asked).toHaveLength(1);
    expect(await payloadsOf(h, session, 'DATA_DECLASSIFIED')).toMatchObject([
      { at: '/to', labels: ['external'], by: 'ann', means: 'person' },
    ]);
  });

  it('by a sanitizer: for its argument alone, and each time recorded', async () => {
    const sanitizers = [
      { name: 'known', server: 'data', tool: 'pay', argument: 'to', kind: 'one_of', values: ['AC-20-1177'] },
    ] as const;
    const h = await harness({ taint: { ...TAINT, sanitizers } });
    const session = await h.open();
    await readPage(h, session, 'the account AC-20-1177 or AC-20-9999');
    expect(codeOf(await h.call(session, 'pay', { to: 'AC-20-1177' }))).toBe('result');
    expect(codeOf(await h.call(session, 'pay', { to: 'AC-20-9999' }))).toBe('APPROVAL_REQUIRED');
    expect(codeOf(await h.call(session, 'send', { to: 'AC-20-1177' }))).toBe('APPROVAL_REQUIRED');
    expect(await payloadsOf(h, session, 'DATA_DECLASSIFIED')).toMatchObject([
      { at: '/to', labels: ['external'], by: 'known', means: 'sanitizer' },
    ]);
  });
});

describe('labels of rules', () => {
  const policy = `
[[policies]]
name = "no-leak"
action = "deny"
when = { label = "confidential", capability = "message.send" }

[[policies]]
name = "files"
action = "allow"
when = { tool_name = "read" }
labels = ["confidential"]
${ALLOW}`;

  it('are put on what matching calls return, and followed into every argument', async () => {
    const { taint: _, ...options } = { taint: TAINT, policy };
    const h = await createHarness({ manifest: MANIFEST, ...options });
    const session = await h.open();
    await readPage(h, session, 'The margin of project Larkspur is 31.75 percent.', 'read');
    expect(codeOf(await h.call(session, 'send', { to: 'ann', body: 'the weather is fine' }))).toBe('result');
    const verdict = await h.call(session, 'send', {
      to: 'ann',
      body: 'the margin of project Larkspur is high',
    });
    expect(verdict).toMatchObject({ kind: 'denied', denial: { code: 'POLICY_DENY', rule: 'no-leak' } });
    expect((await payloadsOf(h, session, 'TOOL_RESULT'))[0]).toMatchObject({
      labels: ['confidential', 'tool'],
    });
  });
});
