import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  ElicitationCompleteNotificationSchema,
  ElicitRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { executable } from './aegis.ts';
import { answer, channelsForEach, configure, ground, KEY } from './approval-channels.ts';
import { cameOf, MESSAGE, send } from './approval-ground.ts';

channelsForEach();

interface Params {
  readonly mode?: string;
  readonly url?: string;
  readonly message?: string;
  readonly elicitationId?: string;
}

/** A client with sessions that declares what it can show, and what it was shown. */
async function sessionClient(
  url: string,
  elicitation: Record<string, Record<string, never>>,
  decide: (params: Params) => Promise<object>,
) {
  const client = new Client({ name: 'e2e', version: '1.0.0' }, { capabilities: { elicitation } });
  const shown: Params[] = [];
  client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
    shown.push(params as Params);
    return (await decide(params as Params)) as { action: 'accept' };
  });
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { Authorization: 'Bearer token-of-bot' } },
  });
  await client.connect(transport as Parameters<Client['connect']>[0]);
  return { client, shown };
}

describe('a client with sessions', () => {
  it('that opens pages is sent to one, where a person says who it is, and hears when it is over', async () => {
    configure(30_000);
    const daemon = await ground.start();
    const { client, shown } = await sessionClient(daemon.url, { url: {} }, async ({ url = '' }) => {
      expect((await answer(url, { decision: 'approve', key: KEY })).status).toBe(200);
      return { action: 'accept' };
    });
    const over = new Promise<string>((done) =>
      client.setNotificationHandler(ElicitationCompleteNotificationSchema, ({ params }) =>
        done(params.elicitationId),
      ),
    );
    expect(await send(client)).toMatchObject({ ran: true });
    expect(shown[0]).toMatchObject({ mode: 'url', url: expect.stringContaining('/approve/apr_') });
    expect(await over).toBe(shown[0]?.elicitationId);
    await client.close();
  });

  it('on standard input and output is sent to a page that is there for it', async () => {
    configure(30_000);
    const client = new Client(
      { name: 'e2e', version: '1.0.0' },
      { capabilities: { elicitation: { url: {} } } },
    );
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
      const { url = '' } = params as Params;
      expect((await fetch(url.replace('/approve/', '/elsewhere/'))).status).toBe(404);
      expect((await answer(url, { decision: 'approve', key: KEY })).status).toBe(200);
      return { action: 'accept' };
    });
    const args = [executable, 'mcp', '--config', ground.configuration];
    await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }));
    expect(await send(client)).toMatchObject({ ran: true });
    await client.close();
    expect(await ground.verified()).toBe(true);
  });

  it('that opens the page itself, as an agent could, has approved nothing', async () => {
    configure(1_000);
    const daemon = await ground.start();
    const { client } = await sessionClient(daemon.url, { url: {} }, async ({ url = '' }) => {
      expect((await answer(url, { decision: 'approve' })).status).toBe(403);
      return { action: 'accept' };
    });
    expect(await send(client)).toMatchObject({ ran: false, code: 'APPROVAL_REQUIRED' });
    await client.close();
  });

  it('that shows forms alone is not asked: the agent could answer in its place', async () => {
    configure(100);
    const daemon = await ground.start();
    const { client, shown } = await sessionClient(daemon.url, { form: {} }, async () => ({
      action: 'accept',
      content: { decision: 'approve' },
    }));
    expect(await send(client)).toMatchObject({ ran: false, code: 'APPROVAL_REQUIRED' });
    expect(shown).toEqual([]);
    await client.close();
  });

  it('that shows forms decides where the configuration says so', async () => {
    ground.configure({ approvals: 'wait_ms = 30000\nelicitation = "form"' });
    const daemon = await ground.start();
    const { client, shown } = await sessionClient(daemon.url, { form: {} }, async () => ({
      action: 'accept',
      content: { decision: 'approve' },
    }));
    expect(await send(client)).toMatchObject({ ran: true });
    expect(shown[0]?.message).toContain('`ask`');
    expect(ground.events('APPROVAL_VOTED')[0]?.payload).toMatchObject({ by: 'user of bot', door: 'client' });
    await client.close();
  });
});

async function statelessClient(
  url: string,
  elicitation: Record<string, Record<string, never>>,
  decide: (params: Params) => Promise<object>,
) {
  const client = new ModernClient(
    { name: 'stateless', version: '1.0.0' },
    { capabilities: { elicitation }, versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  const shown: Params[] = [];
  client.setRequestHandler('elicitation/create', async ({ params }) => {
    shown.push(params as Params);
    return (await decide(params as Params)) as { action: 'accept' };
  });
  const requestInit = { headers: { Authorization: 'Bearer token-of-bot' } };
  await client.connect(new ModernTransport(new URL(url), { requestInit }));
  return { client, shown };
}

describe('a client without sessions', () => {
  it('gets `input_required` with the page, and its call runs when it comes back', async () => {
    configure(30_000);
    const daemon = await ground.start();
    const { client, shown } = await statelessClient(daemon.url, { url: {} }, async ({ url = '' }) => {
      expect((await answer(url, { decision: 'approve', key: KEY })).status).toBe(200);
      return { action: 'accept' };
    });
    expect(cameOf(await client.callTool({ name: 'send', arguments: MESSAGE }))).toMatchObject({ ran: true });
    expect(shown).toHaveLength(1);
    expect(ground.ran()).toBe(1);
    await client.close();
    expect(await ground.verified()).toBe(true);
  });

  it('whose user does not answer gets an error with the id, and can come back to it', async () => {
    configure(100);
    const daemon = await ground.start();
    const { client } = await statelessClient(daemon.url, { url: {} }, async () => ({ action: 'accept' }));
    const came = cameOf(await client.callTool({ name: 'send', arguments: MESSAGE }));
    expect(came).toMatchObject({ ran: false, code: 'APPROVAL_REQUIRED' });
    expect((await ground.person('approvals', 'approve', came.approval, '--yes')).code).toBe(0);
    expect(cameOf(await client.callTool({ name: 'send', arguments: MESSAGE }))).toMatchObject({ ran: true });
    await client.close();
  });

  it('that shows forms decides where the configuration says so', async () => {
    ground.configure({ approvals: 'wait_ms = 30000\nelicitation = "form"' });
    const daemon = await ground.start();
    const { client } = await statelessClient(daemon.url, { form: {} }, async () => ({
      action: 'accept',
      content: { decision: 'refuse' },
    }));
    const came = cameOf(await client.callTool({ name: 'send', arguments: MESSAGE }));
    expect(came).toMatchObject({ ran: false, code: 'APPROVAL_DENIED' });
    await client.close();
  });
});
