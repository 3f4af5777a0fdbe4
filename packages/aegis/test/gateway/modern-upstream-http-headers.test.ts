import { describe, expect, it } from 'vitest';
import { call, connect, endAfterEach, handmade, library } from './modern-http.ts';
import { error, failure, result, resultOf, textOfFirst } from './modern-upstreams.ts';
import { CREDENTIAL, LIMITS } from './upstreams.ts';

endAfterEach();

describe('an HTTP upstream of the modern era', () => {
  it('is sent the revision, who asks and what can be asked, in the body and in the headers', async () => {
    const upstream = connect((await library()).url, {
      headers: { Authorization: { env: 'UPSTREAM_TOKEN' } },
    });
    await upstream.list('tools');
    const shown = textOfFirst(
      await resultOf(
        call(
          upstream,
          'seen',
          { region: 'Köln' },
          { capabilities: { elicitation: {} }, logLevel: 'debug', log() {} },
        ),
      ),
    );
    const { headers, envelope } = JSON.parse(shown);
    expect(headers).toMatchObject({
      authorization: '[secret]',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'seen',
      'mcp-param-region': `=?base64?${Buffer.from('Köln').toString('base64')}?=`,
    });
    expect(envelope).toMatchObject({
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'aegis', version: '0.0.0' },
      'io.modelcontextprotocol/clientCapabilities': { elicitation: {} },
      'io.modelcontextprotocol/logLevel': 'debug',
    });
    expect(shown).not.toContain(CREDENTIAL);
  });

  it('mirrors arguments as the server listed its tools last, and does not list one that asks wrongly', async () => {
    let annotation: unknown = 'Tenant';
    const sent: unknown[] = [];
    const { url } = await handmade({
      'tools/list': ({ id }, response) =>
        result(response, id, {
          tools: [
            {
              name: 'query',
              inputSchema: {
                type: 'object',
                properties: {
                  scope: { properties: { tenant: { type: 'string', 'x-mcp-header': annotation } } },
                },
              },
            },
            { name: 'plain', inputSchema: { type: 'object' } },
          ],
        }),
      'tools/call': ({ id }, response, { headers }) => {
        sent.push(
          Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('mcp-param-'))),
        );
        result(response, id, { content: [] });
      },
    });
    const upstream = connect(url);
    const args = { scope: { tenant: 'acme' } };
    await call(upstream, 'query', args);
    expect(await upstream.list('tools')).toHaveLength(2);
    await call(upstream, 'query', args);
    await call(upstream, 'query', { scope: { tenant: null } });
    annotation = 'Other';
    await upstream.list('tools');
    await call(upstream, 'query', args);
    annotation = 'not a token';
    expect((await upstream.list('tools')).map(({ name }) => name)).toEqual(['plain']);
    expect(sent).toEqual([{}, { 'mcp-param-tenant': 'acme' }, {}, { 'mcp-param-other': 'acme' }]);
  });

  it('is sent a call once more when it asks for other headers than it did, and never without that', async () => {
    let listed = 'Old';
    const calls: unknown[] = [];
    const { url } = await handmade({
      'tools/list': ({ id }, response) =>
        result(response, id, {
          tools: [
            {
              name: 'query',
              inputSchema: { type: 'object', properties: { q: { type: 'integer', 'x-mcp-header': listed } } },
            },
          ],
        }),
      'tools/call': ({ id }, response, { headers }) => {
        calls.push(headers['mcp-param-old'] ?? headers['mcp-param-new']);
        if (headers['mcp-param-new'] === undefined) error(response, null, -32020, 'header mismatch', 400);
        else result(response, id, { content: [] });
      },
    });
    const upstream = connect(url);
    const changed: string[] = [];
    upstream.onListChanged((kind) => changed.push(kind));
    await upstream.list('tools');
    expect(await failure(call(upstream, 'query', { q: 7 }))).toBe('protocol');
    expect(calls).toEqual(['7']);
    listed = 'New';
    expect((await call(upstream, 'query', { q: 7 })).kind).toBe('result');
    expect(calls).toEqual(['7', '7', '7']);
    expect(changed).toEqual(['tools', 'tools']);
  });

  it('gets a `_meta` and headers that no client has a say in', async () => {
    const { url, posted, requests } = await handmade({
      'tools/call': ({ id }, response) => result(response, id, { content: [] }),
    });
    const upstream = connect(url);
    const name = 'x\r\nX-Smuggled: 1';
    const forged = { 'io.modelcontextprotocol/protocolVersion': '1900-01-01', progressToken: 'theirs' };
    await upstream.request('tools/call', { name, arguments: {}, _meta: forged }, LIMITS);
    expect(posted.at(-1)?.params['_meta']).toEqual({
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'aegis', version: '0.0.0' },
      'io.modelcontextprotocol/clientCapabilities': {},
    });
    expect(requests.at(-1)?.headers).toMatchObject({
      'mcp-name': `=?base64?${Buffer.from(name).toString('base64')}?=`,
    });
    expect(requests.at(-1)?.headers['x-smuggled']).toBeUndefined();
  });

  it('cannot be configured with a header of the protocol', async () => {
    const { url } = await handmade({});
    expect(await failure(connect(url, { headers: { 'Mcp-Param-Region': 'eu' } }).start())).toBe(
      'unavailable',
    );
  });
});
