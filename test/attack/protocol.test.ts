import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHostileWorkspace, type HostileWorkspace } from '../e2e/hostile-workspace.ts';
import { eventsIn } from '../e2e/ledger.ts';
import { connectRaw, type RawClient } from '../e2e/raw-stdio.ts';

let workspace: HostileWorkspace;
let client: RawClient;
let pings = 0;

beforeAll(async () => {
  workspace = createHostileWorkspace();
  client = await connectRaw(workspace.configuration);
});

afterAll(async () => {
  await client.close();
  workspace.remove();
});

const call = (params: string, rest = '"id":"x",'): string =>
  `{"jsonrpc":"2.0",${rest}"method":"tools/call","params":${params}}`;

const denials = (): number =>
  eventsIn(workspace.ledger).filter(({ type }) => type.endsWith('_DENIED')).length;

/** Sends a line and waits until everything before it has been dealt with. */
async function afterLine(line: string): Promise<void> {
  client.send(line);
  const id = `ping-${++pings}`;
  client.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' }));
  await client.answer(id);
}

describe('a line that is no call runs nothing, and is recorded', () => {
  it.each([
    ['parameters in a list', call('["write"]')],
    ['null for arguments', call('{"name":"write","arguments":null}')],
    ['a list for arguments', call('{"name":"write","arguments":["1"]}')],
    ['the method in other letters', call('{"name":"write"}').replace('tools/call', 'Tools/Call')],
    ['the method with a space', call('{"name":"write"}').replace('tools/call', 'tools/call ')],
    ['a name with a space', call('{"name":"write "}')],
    ['a name that looks alike', call('{"name":"wr\\u0456te"}')],
    ['a name with a NUL', call('{"name":"write\\u0000"}')],
    ['a name of the prototype', call('{"name":"__proto__"}')],
    ['a namespaced name', call('{"name":"hostile__write"}')],
    ['a name twice', call('{"name":"read","name":"write"}')],
    ['an argument twice, once escaped', call('{"name":"write","arguments":{"n":"1","\\u006e":"2"}}')],
    ['half a surrogate pair', call('{"name":"write","arguments":{"n":"\\ud800"}}')],
    ['a number beyond all', call('{"name":"write","arguments":{"n":1e400}}')],
    ['nesting beyond all', call(`{"name":"write","arguments":{"n":${'['.repeat(70)}${']'.repeat(70)}}}`)],
    ['an id that is null', call('{"name":"write"}', '"id":null,')],
    ['an id that is a fraction', call('{"name":"write"}', '"id":1.5,')],
    ['a batch', `[${call('{"name":"write"}')}]`],
    ['a request that is a response as well', call('{"name":"write"}', '"id":"x","result":{},')],
    ['a prompt of a tool\u2019s name', call('{"name":"write"}').replace('tools/call', 'prompts/get')],
    ['a completion', call('{"name":"write"}').replace('tools/call', 'completion/complete')],
    ['a method of the prototype', call('{"name":"write"}').replace('tools/call', 'constructor')],
  ])('%s', async (_, line) => {
    const before = denials();
    await afterLine(line);
    await expect.poll(denials).toBe(before + 1);
    expect(existsSync(workspace.journal)).toBe(false);
  });

  it('and a notification or a response runs nothing either', async () => {
    await afterLine(call('{"name":"write","arguments":{"n":"1"}}', ''));
    await afterLine('{"jsonrpc":"2.0","id":1,"result":{"content":[]}}');
    expect(existsSync(workspace.journal)).toBe(false);
  });
});

describe('what a call carries besides its arguments', () => {
  it('stays behind, and keys of the prototype are keys', async () => {
    await client.call('write', { ['__proto__']: { n: 'inherited' }, constructor: { prototype: 1 } });
    expect(readFileSync(workspace.journal, 'utf8')).toBe('\n');
    expect(({} as Record<string, unknown>)['n']).toBeUndefined();
  });
});
