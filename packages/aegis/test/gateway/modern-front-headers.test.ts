import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMirror } from '../../src/gateway/front/modern/header.ts';
import { headerValue } from '../../src/gateway/upstream/modern/header-value.ts';
import { type ModernGateway, modernGateway } from './modern-gateway.ts';
import { type Answer, ask, type Headers } from './modern-requests.ts';
import { type StatelessLibrary, statelessLibrary } from './servers/stateless-library.ts';

let library: StatelessLibrary;
let gateway: ModernGateway;

beforeAll(async () => {
  library = await statelessLibrary();
  gateway = await modernGateway([{ name: 'stateless', url: library.url, era: 'modern' }]);
});
afterAll(async () => {
  await gateway.close();
  await library.close();
});

const encoded = (text: string): string => `=?base64?${Buffer.from(text).toString('base64')}?=`;
const greet = { name: 'greet', arguments: { who: 'you' } };

/** What came of an attempt. */
async function attempt(act: () => Promise<Answer>): Promise<object> {
  const before = (await gateway.events()).length;
  const sent = library.bodies.length;
  const { status, json } = await act();
  const types = (await gateway.events()).slice(before).map(({ type }) => type.replace('TOOL_CALL', 'ACCESS'));
  return {
    status,
    error: json.error?.code,
    code: json.error?.data?.['code'],
    sent: library.bodies.length - sent,
    types: types.filter((type) => type !== 'SESSION_STARTED'),
  };
}

// SECURITY: refused before the server hears of it, with one record.
const MISMATCH = {
  status: 400,
  error: -32020,
  code: 'PROTOCOL_VIOLATION',
  sent: 0,
  types: ['ACCESS_PROPOSED', 'POLICY_DECISION', 'ACCESS_DENIED'],
};

describe('a header that lies about the body is refused', () => {
  it.each<[string, Headers]>([
    ['another version', { 'MCP-Protocol-Version': '2025-11-25' }],
    ['no version', { 'MCP-Protocol-Version': undefined }],
    ['the version twice', { 'MCP-Protocol-Version': ['2026-07-28', '2026-07-28'] }],
    ['another method', { 'Mcp-Method': 'tools/list' }],
    ['the method in capitals', { 'Mcp-Method': 'TOOLS/CALL' }],
    ['no method', { 'Mcp-Method': undefined }],
    ['the method twice', { 'Mcp-Method': ['tools/call', 'tools/call'] }],
    ['two methods', { 'Mcp-Method': ['tools/call', 'tools/list'] }],
    ['another name', { 'Mcp-Name': 'headed' }],
    ['no name', { 'Mcp-Name': undefined }],
    ['an empty name', { 'Mcp-Name': '' }],
    ['the name twice', { 'Mcp-Name': ['greet', 'greet'] }],
    ['two names', { 'Mcp-Name': ['greet', 'forbidden'] }],
    ['another name, encoded', { 'Mcp-Name': encoded('forbidden') }],
    ['base64 without its padding', { 'Mcp-Name': '=?base64?Z3JlZXQ?=' }],
    ['base64 with foreign characters', { 'Mcp-Name': '=?base64?Z3Jl!!ZXQ=?=' }],
    ['base64 of no UTF-8', { 'Mcp-Name': '=?base64?/////w==?=' }],
    ['marks in capitals', { 'Mcp-Name': '=?BASE64?Z3JlZXQ=?=' }],
    ['letters beyond ASCII', { 'Mcp-Name': 'gr\u00e9et' }],
  ])('%s', async (_, headers) => {
    expect(await attempt(() => ask(gateway.url, 'tools/call', greet, { headers }))).toEqual(MISMATCH);
  });

  it('the URI of a resource', async () => {
    const headers = { 'Mcp-Name': 'test://motto' };
    expect(
      await attempt(() => ask(gateway.url, 'resources/read', { uri: 'test://secret' }, { headers })),
    ).toEqual(MISMATCH);
  });

  it('a name where the body has none', async () => {
    expect(
      await attempt(() => ask(gateway.url, 'tools/list', {}, { headers: { 'Mcp-Name': 'greet' } })),
    ).toEqual(MISMATCH);
  });

  it('without a word of either value', async () => {
    const { text } = await ask(gateway.url, 'tools/call', greet, { headers: { 'Mcp-Name': 'other' } });
    expect(text).not.toMatch(/other|greet/);
  });
});

describe('a header that says the same as the body is taken', () => {
  it.each<[string, Headers]>([
    ['plain', {}],
    ['encoded', { 'Mcp-Name': encoded('greet') }],
    ['with white space around it', { 'Mcp-Name': '  greet \t' }],
    ['with its name in capitals', { 'MCP-NAME': 'greet', 'Mcp-Name': undefined }],
  ])('%s', async (_, headers) => {
    expect((await ask(gateway.url, 'tools/call', greet, { headers })).status).toBe(200);
  });

  it('in letters beyond ASCII', async () => {
    const uri = 'test://m\u00f6tto';
    const { status, json } = await ask(
      gateway.url,
      'resources/read',
      { uri },
      { headers: { 'Mcp-Name': encoded(uri) } },
    );
    expect([status, json.error?.code]).toEqual([200, -32602]);
  });
});

it('a method that nobody knows is answered as such, whatever its name may mean', async () => {
  const { status, json } = await ask(
    gateway.url,
    'tasks/get',
    { taskId: 'x' },
    { headers: { 'Mcp-Name': 'x' } },
  );
  expect([status, json.error?.code]).toEqual([404, -32601]);
});

it('what a client encodes is what is read', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const lines = { 'mcp-name': [headerValue(text)] };
      expect(readMirror(lines, 'mcp-name')).toEqual({ kind: 'value', value: text });
    }),
  );
});

describe('the headers that mirror arguments', () => {
  const call = (args: Record<string, unknown>, headers: Headers) =>
    ask(gateway.url, 'tools/call', { name: 'headed', arguments: args as never }, { headers });

  it.each<[string, Record<string, unknown>, Headers]>([
    ['a text', { region: 'us-west1' }, { 'Mcp-Param-Region': 'us-west1' }],
    ['an empty text', { region: '' }, { 'Mcp-Param-Region': '' }],
    ['a text that must be encoded', { region: ' \u4e16\n' }, { 'Mcp-Param-Region': encoded(' \u4e16\n') }],
    [
      'a text that looks encoded',
      { region: '=?base64?x?=' },
      { 'Mcp-Param-Region': encoded('=?base64?x?=') },
    ],
    ['marks that are not closed', { region: '=?base64?x' }, { 'Mcp-Param-Region': '=?base64?x' }],
    ['a number', { count: 42 }, { 'Mcp-Param-Count': '42' }],
    ['a number written otherwise', { count: 42 }, { 'Mcp-Param-Count': '42.0' }],
    ['a negative number', { count: -7 }, { 'Mcp-Param-Count': '-7' }],
    ['a nested flag', { deep: { flag: false } }, { 'Mcp-Param-Flag': 'false' }],
    ['nothing', {}, {}],
    ['a header of no argument', {}, { 'Mcp-Param-Unknown': 'x' }],
  ])('agree: %s', async (_, args, headers) => {
    const { status, json } = await call(args, headers);
    expect(status).toBe(200);
    expect(json.result?.['content']).toEqual([{ type: 'text', text: JSON.stringify(args) }]);
  });

  it.each<[string, Record<string, unknown>, Headers]>([
    ['another text', { region: 'us-west1' }, { 'Mcp-Param-Region': 'eu-west1' }],
    ['a text left out', { region: 'us-west1' }, {}],
    ['a header twice', { region: 'x' }, { 'Mcp-Param-Region': ['x', 'x'] }],
    ['an argument that is not there', {}, { 'Mcp-Param-Region': 'us-west1' }],
    ['an argument that is null', { region: null }, { 'Mcp-Param-Region': 'us-west1' }],
    ['another number', { count: 42 }, { 'Mcp-Param-Count': '43' }],
    ['a number in words', { count: 42 }, { 'Mcp-Param-Count': '0x2a' }],
    ['a number beyond what is exact', { count: 2 ** 53 }, { 'Mcp-Param-Count': '9007199254740992' }],
    ['a nested flag', { deep: { flag: true } }, { 'Mcp-Param-Flag': 'false' }],
    ['a text for a list', { region: ['x'] }, { 'Mcp-Param-Region': 'x' }],
    ['letters beyond ASCII', { region: '\u00e9' }, { 'Mcp-Param-Region': '\u00e9' }],
  ])('do not agree: %s', async (_, args, headers) => {
    expect(await attempt(() => call(args, headers))).toEqual(MISMATCH);
  });

  it('are not asked for of a tool that is hidden', async () => {
    const { status } = await ask(gateway.url, 'tools/call', { name: 'hidden', arguments: {} });
    expect(status).toBe(200);
  });
});
