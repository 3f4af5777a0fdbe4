import { DEFAULT_SINKS, UNTRUSTED } from '@aegis/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { userTextOf } from '../../src/gateway/front/user-text.ts';
import { type ModernGateway, modernGateway } from './modern-gateway.ts';
import { ask } from './modern-requests.ts';
import { type StatelessLibrary, statelessLibrary } from './servers/stateless-library.ts';

let library: StatelessLibrary;
let gateway: ModernGateway;

beforeAll(async () => {
  library = await statelessLibrary();
  gateway = await modernGateway([{ name: 'stateless', url: library.url, era: 'modern' }], {
    taint: { sinks: DEFAULT_SINKS, untrusted: UNTRUSTED, sanitizers: [], userText: true },
  });
});
afterAll(async () => {
  await gateway.close();
  await library.close();
});

it('what a client without sessions says that its user said is sealed with the call, and told to no server', async () => {
  const meta = { 'aegis/user-text': 'Greet Wilhelmina, please.' };
  const { json } = await ask(
    gateway.url,
    'tools/call',
    { name: 'greet', arguments: { who: 'Wilhelmina' } },
    { meta },
  );
  expect(json).toMatchObject({ result: { content: [{ text: 'hello Wilhelmina' }] } });
  const proposed = (await gateway.events()).find(({ type }) => type === 'TOOL_CALL_PROPOSED');
  expect(Object.keys(proposed?.payload['$sealed'] ?? {})).toEqual(['/args', '/user_text']);
  expect(JSON.stringify(library.bodies.at(-1))).not.toContain('please');
});

it('a text is taken up to a bound, and nothing that is none', () => {
  expect(userTextOf({ _meta: { 'aegis/user-text': 'x'.repeat(100_000) } }).userText).toHaveLength(65_536);
  for (const text of [7, null, '', { text: 'x' }]) {
    expect(userTextOf({ _meta: { 'aegis/user-text': text } })).toEqual({});
  }
  expect(userTextOf({ _meta: 'aegis/user-text' })).toEqual({});
});
