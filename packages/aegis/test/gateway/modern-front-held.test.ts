// What a server with sessions asks while it works on a call of a client without them.
import type { JsonObject } from '@aegis/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayOptions, type ModernGateway, modernGateway } from './modern-gateway.ts';
import { ALL_CAPABILITIES, type Answer, ask, declaring, type Headers } from './modern-requests.ts';
import { type AskingLibrary, askingLibrary } from './servers/asking-library.ts';

let library: AskingLibrary;
let gateway: ModernGateway;

beforeEach(async () => {
  library = await askingLibrary();
  gateway = await serve();
});
afterEach(async () => {
  await gateway.close();
  await library.close();
});

function serve(options: GatewayOptions = {}): Promise<ModernGateway> {
  return modernGateway([{ name: 'asking', url: library.url, era: 'legacy' }], options);
}

const meta = declaring(ALL_CAPABILITIES);

function call(
  name: string,
  more: JsonObject = {},
  options: {
    readonly headers?: Headers;
    readonly capabilities?: JsonObject;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Answer> {
  const { headers = {}, capabilities = ALL_CAPABILITIES, signal } = options;
  const given = { headers, meta: declaring(capabilities), ...(signal === undefined ? {} : { signal }) };
  return ask(gateway.url, 'tools/call', { name, arguments: {}, ...more }, given);
}

const asked = ({ json }: Answer): [key: string, message: unknown][] => {
  expect(json.result?.['resultType']).toBe('input_required');
  const requests = json.result?.['inputRequests'] as Record<string, { params: { message: string } }>;
  return Object.entries(requests).map(([key, { params }]) => [key, params.message]);
};
/** Goes on with the same call, with an answer to everything that was asked. */
const onward = (answer: Answer, content: JsonObject = { ok: true }): JsonObject => ({
  requestState: answer.json.result?.['requestState'] as string,
  inputResponses: Object.fromEntries(asked(answer).map(([key]) => [key, { action: 'accept', content }])),
});
const textOf = ({ json }: Answer): unknown =>
  (json.result?.['content'] as { text: string }[] | undefined)?.[0]?.text;
const types = async (): Promise<string[]> =>
  (await gateway.events()).map(({ type }) => type).filter((type) => type !== 'SESSION_STARTED');

describe('a call whose server asks', () => {
  it('is held until the client brings the answer, and reaches the server once', async () => {
    const first = await call('confirm');
    expect(asked(first).map(([, message]) => message)).toEqual(['Really?']);
    const last = await call('confirm', onward(first));
    expect(textOf(last)).toBe('{"action":"accept","content":{"ok":true}}');
    expect(last.json.result?.['resultType']).toBe('complete');
    expect(library.runs.get('confirm')).toBe(1);
    expect(await types()).toEqual([
      'TOOL_CALL_PROPOSED',
      'POLICY_DECISION',
      'TOOL_CALL_ALLOWED',
      'ACCESS_PROPOSED',
      'POLICY_DECISION',
      'ACCESS_ALLOWED',
      'ACCESS_RESULT',
      'TOOL_CALL_EXECUTED',
      'TOOL_RESULT',
    ]);
  });

  it('may ask again', async () => {
    const first = await call('confirm-twice');
    expect(asked(first).map(([, message]) => message)).toEqual(['First?']);
    const second = await call('confirm-twice', onward(first, { ok: true }));
    expect(asked(second).map(([, message]) => message)).toEqual(['Second?']);
    const last = await call('confirm-twice', onward(second, { ok: false }));
    expect(textOf(last)).toBe(
      '{"action":"accept","content":{"ok":true}} and {"action":"accept","content":{"ok":false}}',
    );
    expect(library.runs.get('confirm-twice')).toBe(1);
  });

  it('may ask two things at the same time', async () => {
    const first = await call('confirm-both');
    expect(asked(first).map(([, message]) => message)).toEqual(['This?', 'That?']);
    expect(textOf(await call('confirm-both', onward(first)))).toMatch(/ and /);
  });

  it('is asked again for what the client left out', async () => {
    const first = await call('confirm-both');
    const [[one] = ['']] = asked(first);
    const some = {
      requestState: onward(first)['requestState'] as string,
      inputResponses: { [one]: { action: 'decline' } },
    };
    const second = await call('confirm-both', some);
    expect(asked(second).map(([, message]) => message)).toEqual(['That?']);
    expect(textOf(await call('confirm-both', onward(second)))).toMatch(/decline.* and .*accept/);
  });

  it('is answered with nothing that was not asked', async () => {
    const first = await call('confirm');
    const { requestState } = onward(first);
    const second = await call('confirm', {
      requestState: requestState as string,
      inputResponses: {
        'question-99': { action: 'accept', content: { ok: true } },
        __proto__x: { action: 'accept' },
      },
    });
    expect(asked(second).map(([, message]) => message)).toEqual(['Really?']);
    expect(library.answers).toEqual([]);
  });

  it('is refused what policy forbids, and the client is not asked', async () => {
    const { json } = await call('sample');
    expect(json.result?.['resultType']).toBe('complete');
    expect(textOf({ json } as Answer)).toMatch(/no answer/);
    expect(await types()).toEqual([
      'TOOL_CALL_PROPOSED',
      'POLICY_DECISION',
      'TOOL_CALL_ALLOWED',
      'ACCESS_PROPOSED',
      'POLICY_DECISION',
      'ACCESS_DENIED',
      'TOOL_CALL_EXECUTED',
      'TOOL_RESULT',
    ]);
  });

  it('cannot ask a client that declares nothing', async () => {
    const { json } = await call('confirm', {}, { capabilities: {} });
    expect(textOf({ json } as Answer)).toMatch(/no answer/);
  });

  it('is not answered by a request that declares no such thing any more', async () => {
    const first = await call('confirm-twice');
    const { json } = await call('confirm-twice', onward(first), { capabilities: {} });
    expect(textOf({ json } as Answer)).toMatch(/accept.* and no answer/);
  });
});

describe('a held call', () => {
  const codeOf = ({ json }: Answer): unknown => [json.error?.code, json.error?.data?.['code']];
  const REFUSED = [-32602, 'PROTOCOL_VIOLATION'];

  it('is not found by another agent, another run, another tool, or other arguments', async () => {
    const more = onward(await call('confirm'));
    expect(codeOf(await call('confirm', more, { headers: { Authorization: 'Bearer mallory' } }))).toEqual(
      REFUSED,
    );
    expect(codeOf(await call('confirm', more, { headers: { 'Aegis-Run': 'other' } }))).toEqual(REFUSED);
    expect(codeOf(await call('confirm-twice', more))).toEqual(REFUSED);
    expect(codeOf(await call('confirm', { ...more, arguments: { x: 1 } }))).toEqual(REFUSED);
    expect(library.answers).toEqual([]);
    expect(textOf(await call('confirm', more))).toMatch(/accept/);
  });

  it('goes on once, however often the same answers are brought', async () => {
    const more = onward(await call('confirm'));
    const answers = await Promise.all(Array.from({ length: 5 }, () => call('confirm', more)));
    expect(answers.filter((answer) => textOf(answer) !== undefined)).toHaveLength(1);
    expect(library.answers).toHaveLength(1);
  });

  it('is not answered with the state of an earlier round', async () => {
    const first = onward(await call('confirm-twice'));
    const second = await call('confirm-twice', first);
    expect((await call('confirm-twice', first)).json.error?.code).toBe(-32602);
    expect(textOf(await call('confirm-twice', onward(second)))).toMatch(/ and /);
  });

  it('tells what became of it to a client that comes back after its end', async () => {
    const more = onward(await call('confirm-briefly'));
    await expect.poll(async () => (await types()).at(-1)).toBe('TOOL_RESULT');
    expect(textOf(await call('confirm-briefly', more))).toMatch(/no answer/);
    expect((await call('confirm-briefly', more)).json.error?.code).toBe(-32602);
  });

  it('is given up when the client does not come back, and its server is told', async () => {
    await gateway.close();
    gateway = await serve({ limits: { answerMs: 60 } });
    const more = onward(await call('confirm'));
    await expect.poll(() => library.answers).toEqual([expect.stringMatching(/^no answer/)]);
    await expect
      .poll(types)
      .toEqual([
        'TOOL_CALL_PROPOSED',
        'POLICY_DECISION',
        'TOOL_CALL_ALLOWED',
        'ACCESS_PROPOSED',
        'POLICY_DECISION',
        'ACCESS_ALLOWED',
        'ACCESS_RESULT',
        'TOOL_CALL_EXECUTED',
        'TOOL_RESULT',
      ]);
    expect((await call('confirm', more)).json.error?.code).toBe(-32602);
  });

  it('is given up when the client leaves while it waits for the rest', async () => {
    const more = onward(await call('confirm-and-work'));
    const abort = new AbortController();
    const leaving = call('confirm-and-work', more, { signal: abort.signal }).catch(() => 'gone');
    await expect.poll(() => library.answers.length).toBe(1);
    abort.abort();
    expect(await leaving).toBe('gone');
    await expect.poll(() => library.cancelled).toBe(1);
    await expect.poll(async () => (await types()).at(-1)).toBe('TOOL_RESULT');
  });

  it('ends with its run', async () => {
    await gateway.close();
    gateway = await serve({ limits: { idleMs: 60 } });
    await call('confirm');
    await expect.poll(() => library.answers.length).toBe(1);
    await expect.poll(async () => (await types()).at(-1)).toBe('TERMINATION');
    const outcomes = (await gateway.events()).filter(({ type }) => type === 'TOOL_RESULT');
    expect(outcomes.map(({ payload }) => payload['outcome'])).toEqual(['failed']);
  });

  it('is one of so many: a thousand calls hold no more than a caller may', async () => {
    await gateway.close();
    gateway = await serve({ limits: { maxHeldPerCaller: 16 } });
    // No two alike, so that none is taken for a loop.
    const numbered = (at: number, more: JsonObject = {}): Promise<Answer> =>
      call('confirm', { arguments: { at }, ...more });
    const answers: Answer[] = [];
    while (answers.length < 1_000) {
      const some = Array.from({ length: 100 }, (_, at) => numbered(answers.length + at));
      answers.push(...(await Promise.all(some)));
    }
    const isHeld = ({ json }: Answer): boolean => json.result?.['resultType'] === 'input_required';
    expect(answers.filter(isHeld)).toHaveLength(16);
    expect(answers.filter((answer) => String(textOf(answer)).startsWith('no answer'))).toHaveLength(984);
    // Another caller has room, and every one that is held can be finished.
    const other = await call('confirm', {}, { headers: { Authorization: 'Bearer bob' } });
    expect(isHeld(other)).toBe(true);
    const finished = await Promise.all(
      answers.flatMap((answer, at) => (isHeld(answer) ? [numbered(at, onward(answer))] : [])),
    );
    expect(finished.map(textOf)).toEqual(Array(16).fill('{"action":"accept","content":{"ok":true}}'));
    expect(library.runs.get('confirm')).toBe(1_001);
    const refusals = (await gateway.events()).filter(({ payload }) => payload['code'] === 'RATE_LIMITED');
    expect(refusals.length).toBeGreaterThan(0);
  });
});

it('another call of the same run goes on beside a held one', async () => {
  const held = await call('confirm');
  expect(textOf(await ask(gateway.url, 'tools/call', { name: 'plain', arguments: {} }, { meta }))).toBe(
    'nothing was asked',
  );
  expect(textOf(await call('confirm', onward(held)))).toMatch(/accept/);
});

describe('the sessions of a run with a server', () => {
  const plain = (capabilities: JsonObject) => call('plain', {}, { capabilities });

  it('are as many as there are different sets of what the server can ask', async () => {
    const before = library.sessions;
    // What policy withholds makes no difference to the server.
    for (const capabilities of [{}, { sampling: {} }, { sampling: { tools: {} } }, { unknown: {} }]) {
      await plain(capabilities);
    }
    expect(library.sessions - before).toBe(1);
    await plain({ elicitation: {} });
    expect(library.sessions - before).toBe(2);
  });

  it('are bounded, and a client of one more set is asked nothing', async () => {
    const before = library.sessions;
    const sets = [{ form: {} }, { url: {} }, { form: {}, url: {} }, {}].map((elicitation) => ({
      elicitation,
    }));
    for (const capabilities of sets) await plain(capabilities);
    expect(library.sessions - before).toBe(4);
    for (const roots of [{}, {}]) {
      const further = { elicitation: { form: {} }, roots };
      expect(textOf(await call('confirm', {}, { capabilities: further }))).toMatch(/no answer/);
    }
    expect(library.sessions - before).toBe(5);
  });
});
