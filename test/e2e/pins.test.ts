import { PromptListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { connectHttp, startDaemon } from './aegis.ts';
import {
  call,
  clients,
  configuration,
  configure,
  connect,
  events,
  expectIntact,
  greet,
  listed,
  names,
  offer,
  pinsForEach,
  POISON,
  poisoned,
  ran,
  read,
  stateOf,
  tools,
  toolsChanged,
  write,
} from './pins-ground.ts';

pinsForEach();

describe('a server that changes a tool after it was listed', () => {
  it('does not reach the model with it, nor the tool with a call, until a person has accepted the change', async () => {
    const client = await connect();
    expect(await names(client)).toEqual(['read', 'write']);
    expect(await call(client, 'read')).toBe('ran');

    const changed = toolsChanged(client);
    offer({ tools: [poisoned, write], prompts: [greet] });
    await changed;
    expect(await names(client)).toEqual(['write']);
    expect(JSON.stringify(await client.listTools())).not.toContain('id_rsa');
    expect(await call(client, 'read')).toBe('TOOL_CHANGED');
    expect(await call(client, 'write')).toBe('ran');
    expect(ran()).toEqual(['read', 'write']);

    expect(await stateOf('read')).toBe('changed');
    const diff = await tools('diff');
    expect(diff.code).toBe(8);
    expect(diff.stdout).toContain('tool files/read: accepted as ');
    expect(diff.stdout).toMatch(/^\+ .*read ~\/\.ssh\/id_rsa/m);
    expect(diff.stdout).toMatch(/^-.*The path is relative to the workspace/m);
    expect(diff.stdout).not.toMatch(/^[-+].*"properties"/m);

    // Without a terminal nobody is asked, and nothing is accepted.
    expect(await tools('accept', 'files/read')).toMatchObject({ code: 2 });
    expect(await stateOf('read')).toBe('changed');

    const accepted = toolsChanged(client);
    const said = await tools('accept', 'files/read', '--yes');
    expect(said).toMatchObject({ code: 0 });
    expect(said.stdout).toContain('id_rsa');
    await accepted;
    expect(await names(client)).toEqual(['read', 'write']);
    expect(await call(client, 'read')).toBe('ran');
    expect(await tools('diff')).toMatchObject({ code: 0, stdout: 'nothing waits\n' });

    const [acceptance] = events('TOOL_ACCEPTED');
    const [change] = events('TOOL_CHANGED');
    expect(acceptance).toMatchObject({
      server: 'files',
      kind: 'tool',
      name: 'read',
      pinned: change?.['pinned'],
      fingerprint: change?.['fingerprint'],
    });
    expect((await listed()).find(({ name }) => name === 'read')?.accepted_by).toBe(acceptance?.['by']);
    const denials = events('POLICY_DECISION').filter(({ effect }) => effect === 'deny');
    expect(denials).toHaveLength(1);
    expect(denials[0]).toMatchObject({ reasons: [{ code: 'TOOL_CHANGED', phase: 'manifest' }] });
    await expectIntact();
  });

  it('is found out by the next process, also after the last one was killed', async () => {
    const first = await startDaemon(configuration);
    const agent = await connectHttp(first.url, 'pins-test-token');
    clients.push(agent);
    expect(await names(agent)).toEqual(['read', 'write']);
    agent.onerror = () => {};
    await first.stop('SIGKILL');
    offer({ tools: [poisoned, write], prompts: [greet] });

    const second = await startDaemon(configuration);
    const returned = await connectHttp(second.url, 'pins-test-token');
    returned.onerror = () => {};
    clients.push(returned);
    expect(await names(returned)).toEqual(['write']);
    expect(await call(returned, 'read')).toBe('TOOL_CHANGED');
    await second.stop('SIGKILL');

    // And what was accepted stays accepted.
    expect(await tools('accept', '--all', '--yes')).toMatchObject({ code: 0 });
    const third = await connect();
    expect(await names(third)).toEqual(['read', 'write']);
    expect(await call(third, 'read')).toBe('ran');
    expect(events('TOOL_PINNED')).toHaveLength(3);
    await expectIntact();
  });

  it('has its tool back when it takes the change back, and nobody needs to be asked', async () => {
    const client = await connect();
    let changed = toolsChanged(client);
    offer({ tools: [poisoned, write] });
    await changed;
    expect(await call(client, 'read')).toBe('TOOL_CHANGED');
    changed = toolsChanged(client);
    offer({ tools: [read, write] });
    await changed;
    expect(await names(client)).toEqual(['read', 'write']);
    expect(await call(client, 'read')).toBe('ran');
    expect(await stateOf('read')).toBe('pinned');
  });

  it('keeps its pin while the tool is away: coming back changed is a change', async () => {
    const client = await connect();
    let changed = toolsChanged(client);
    offer({ tools: [write] });
    await changed;
    expect(await stateOf('read')).toBe('gone');
    expect(await call(client, 'read')).toBe('TOOL_UNKNOWN');
    changed = toolsChanged(client);
    offer({ tools: [poisoned, write] });
    await changed;
    expect(await names(client)).toEqual(['write']);
    expect(await call(client, 'read')).toBe('TOOL_CHANGED');
  });

  it('is held to its prompts as well', async () => {
    const client = await connect();
    const get = () => client.getPrompt({ name: 'greet', arguments: { who: 'you' } });
    await expect(get()).resolves.toBeDefined();
    const changed = new Promise<void>((done) => {
      client.setNotificationHandler(PromptListChangedNotificationSchema, () => done());
    });
    offer({ tools: [read, write], prompts: [{ ...greet, description: POISON }] });
    await changed;
    expect((await client.listPrompts()).prompts).toEqual([]);
    await expect(get()).rejects.toThrow(/is not the one that was accepted/);
  });
});

describe('the first sight of a tool', () => {
  it('is trusted and recorded', async () => {
    await connect();
    expect((await listed()).map(({ kind, name, state }) => [kind, name, state])).toEqual([
      ['prompt', 'greet', 'pinned'],
      ['tool', 'read', 'pinned'],
      ['tool', 'write', 'pinned'],
    ]);
    expect(events('TOOL_PINNED')).toHaveLength(3);
  });

  it('is trusted once by several processes that see it at the same moment', async () => {
    const all = await Promise.all([connect(), connect(), connect()]);
    for (const client of all) expect(await names(client)).toEqual(['read', 'write']);
    expect(events('TOOL_PINNED')).toHaveLength(3);
    await expectIntact();
  });

  it('waits for a person where the configuration says so', async () => {
    configure('[tools]\nfirst_sight = "quarantine"\n');
    const client = await connect();
    expect(await names(client)).toEqual([]);
    expect(await call(client, 'read')).toBe('TOOL_CHANGED');
    expect((await listed()).map(({ state, pinned }) => [state, pinned])).toEqual([
      ['new', null],
      ['new', null],
      ['new', null],
    ]);
    const accepted = toolsChanged(client);
    expect(await tools('accept', 'files/read', '--yes')).toMatchObject({ code: 0 });
    await accepted;
    expect(await names(client)).toEqual(['read']);
    expect(await call(client, 'read')).toBe('ran');
    expect(await call(client, 'write')).toBe('TOOL_CHANGED');
  });
});

describe('in shadow', () => {
  it('a change is recorded as denied, and everything goes on', async () => {
    configure('mode = "shadow"\n');
    const client = await connect();
    const changed = toolsChanged(client);
    offer({ tools: [poisoned, write] });
    await changed;
    expect(await names(client)).toEqual(['read', 'write']);
    expect(await call(client, 'read')).toBe('ran');
    expect(events('POLICY_DECISION')).toMatchObject([
      { effect: 'deny', mode: 'shadow', reasons: [{ code: 'TOOL_CHANGED' }] },
    ]);
    expect(await stateOf('read')).toBe('changed');
  });
});
