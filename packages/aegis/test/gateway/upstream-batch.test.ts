import { describe, expect, it, onTestFinished } from 'vitest';
import { call, failure, text } from './resumable-upstream.ts';
import { type Call, handmadeHttp } from './servers/handmade-http.ts';
import { http, until } from './upstreams.ts';

describe('a batch over HTTP', () => {
  const batch = (request: Call) => [
    { jsonrpc: '2.0', method: 'notifications/tools/list_changed' },
    request.answer('first'),
    request.answer('second'),
    { jsonrpc: '2.0', id: request.id + 1, result: {} },
  ];
  const carried: [string, (request: Call) => void][] = [
    [
      'a body',
      (request) => {
        request.response.writeHead(200, { 'Content-Type': 'application/json' });
        request.response.end(JSON.stringify(batch(request)));
      },
    ],
    [
      'an event',
      (request) => {
        request.event(batch(request));
        request.response.end();
      },
    ],
  ];

  it.each(carried)('is read element by element in %s of revision 2025-03-26', async (_, post) => {
    const server = await handmadeHttp({ revision: '2025-03-26', post });
    onTestFinished(() => server.close());
    const upstream = http({ url: server.url });
    onTestFinished(() => upstream.close());
    const changed: string[] = [];
    upstream.onListChanged((kind) => changed.push(kind));
    expect(await text(call(upstream))).toBe('first');
    await until('all of it was read', () => upstream.stray.late === 2);
    expect(changed).toEqual(['tools']);
  });

  it.each(carried)('is nothing that a later revision has in %s', async (_, post) => {
    const server = await handmadeHttp({ post });
    onTestFinished(() => server.close());
    const upstream = http({ url: server.url });
    onTestFinished(() => upstream.close());
    expect(await failure(call(upstream))).toBe('protocol');
    expect(upstream.stray.garbage).toBe(1);
  });
});
