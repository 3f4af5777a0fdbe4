import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiDaemon, startApi, TOKENS, type Who } from './daemon.ts';

let api: ApiDaemon;
let session: string;

beforeAll(async () => {
  api = await startApi('', 2000);
  session = await api.session('builder');
});

afterAll(() => api.remove());

const propose = (params: string, target = 'database') =>
  api.ask(
    'builder',
    'POST',
    '/v1/actions',
    `{"session":"${session}","type":"read","target":${JSON.stringify(target)},"params":${params}}`,
  );

/** Sends bytes as they are, and gives what is answered until `until` is in it. */
function raw(text: string, until: string): Promise<string> {
  return new Promise((done, fail) => {
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      if (answer.includes(until)) socket.destroy();
    });
    socket.on('close', () => done(answer));
    socket.on('error', fail);
    socket.write(text);
  });
}

function head(who: Who): string {
  return `Host: ${new URL(api.url).host}\r\nAuthorization: Bearer ${TOKENS[who]}\r\n`;
}

describe('params of an action', () => {
  it.each([
    '{"__proto__":{"admin":true},"a":1}',
    '{"":1,"constructor":{"prototype":1},"\\u0000":"\\u0000"}',
    `{"a":${'['.repeat(60)}${']'.repeat(60)}}`,
    '{"a":9007199254740991,"b":-1e-300}',
  ])('are judged, recorded and given back as they were sent: %s', async (params) => {
    const { body } = await propose(params);
    expect(body.status).toBe('allowed');
    expect(JSON.stringify(body.params)).toBe(JSON.stringify(JSON.parse(params)));
    const path = `/v1/actions/${body.action}/result`;
    const reported = await api.ask('builder', 'POST', path, `{"outcome":"success","result":${params}}`);
    expect(JSON.stringify(reported.body.result)).toBe(JSON.stringify(JSON.parse(params)));
  });

  it.each(['{"a":1,"a":2}', '{"a":"\\ud800"}', '{"a":9007199254740993}', '{"a":1e400}', '[]', '"x"', 'null'])(
    'are refused where they could mean two things, or are no object: %s',
    async (params) => {
      expect((await propose(params)).status).toBe(400);
    },
  );
});

describe('the target of an action', () => {
  it.each(['aegis', 'AEGIS', ' aegis', 'ae\u200Bgis', 'aegi\uFF53', 'aegis\u0000'])(
    'is refused where it has a name that is reserved, or looks like it: %j',
    async (target) => {
      expect((await propose('{}', target)).status).toBe(409);
    },
  );
});

describe('an answer', () => {
  it('repeats little of what was asked', async () => {
    const names = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`member-${at}`, 1]));
    const { status, body } = await api.ask('builder', 'POST', '/v1/sessions', names);
    expect(status).toBe(400);
    expect(body.detail.length).toBeLessThan(2_000);
  });

  it('to `HEAD` ends, so that the connection goes on', async () => {
    const both = `HEAD /v1/stream HTTP/1.1\r\n${head('auditor')}\r\nGET /v1/policies HTTP/1.1\r\n${head('auditor')}\r\n`;
    const answers = await raw(both, 'no-deleting');
    expect(answers.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
    expect(answers).toContain('text/event-stream');
  });

  it('names every method that a path has', async () => {
    const { status, headers } = await api.ask('auditor', 'PUT', '/v1/sessions', {});
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe('POST, GET, HEAD');
  });
});

describe('a query', () => {
  it.each(['__proto__=1', 'after=', 'after=0x10', 'after=1e3', 'after=-1', 'after=+1', 'limit=1&limit=1'])(
    'is refused where it could mean two things: %s',
    async (query) => {
      expect((await api.ask('auditor', 'GET', `/v1/events?${query}`)).status).toBe(400);
    },
  );
});

describe('a path', () => {
  it.each([
    '/v1/%70olicies',
    '/v1/x/../policies',
    '//v1/policies',
    '/v1/policies/',
    'http://127.0.0.1/v1/policies',
    '/v1/sessions/%2e%2e',
  ])('is taken as it is written: %s leads nowhere', async (path) => {
    const answer = await raw(
      `GET ${path} HTTP/1.1\r\n${head('auditor')}Connection: close\r\n\r\n`,
      '\r\n0\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 404/);
  });
});

describe('a request', () => {
  it.each([
    ['two lengths', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n', 400],
    ['an encoding that is none', 'Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n', 400],
    ['an origin', 'Origin: null\r\nContent-Length: 2\r\n\r\n{}', 403],
  ])('with %s opens nothing', async (_, rest, status) => {
    const text = `POST /v1/sessions HTTP/1.1\r\n${head('builder')}Content-Type: application/json\r\nConnection: close\r\n${rest}`;
    expect(await raw(text, '\r\n0\r\n')).toMatch(new RegExp(`^HTTP/1\\.1 ${status}`));
  });

  it('with the host of another is refused', async () => {
    const lie = `GET /v1/policies HTTP/1.1\r\nHost: evil.example\r\n${head('auditor')}Connection: close\r\n\r\n`;
    expect(await raw(lie, '\r\n0\r\n')).toMatch(/^HTTP\/1\.1 403/);
  });
});

describe('an agent that asks for everything at once', () => {
  it('has at most 256 sessions, also of those that are opened together', async () => {
    const opened = await Promise.all(
      Array.from({ length: 300 }, () => api.ask('other', 'POST', '/v1/sessions', {})),
    );
    expect(opened.filter(({ status }) => status === 201)).toHaveLength(256);
    expect(opened.filter(({ status }) => status === 429)).toHaveLength(44);
    const first = opened.find(({ status }) => status === 201);
    await api.ask('other', 'DELETE', `/v1/sessions/${first?.body.session}`);
    expect((await api.ask('other', 'POST', '/v1/sessions', {})).status).toBe(201);
  });

  it('has as many streams as there are, and the next gets one when one is given back', async () => {
    const stops: AbortController[] = [];
    const open = async () => {
      const stop = new AbortController();
      stops.push(stop);
      const { status } = await fetch(`${api.url}/v1/stream`, {
        headers: { Authorization: `Bearer ${TOKENS.auditor}` },
        signal: stop.signal,
      });
      return status;
    };
    const statuses = await Promise.all(Array.from({ length: 65 }, open));
    expect(statuses.toSorted((a, b) => a - b).slice(-2)).toEqual([200, 429]);
    for (const stop of stops) stop.abort();
    await expect.poll(open, { timeout: 5_000 }).toBe(200);
    stops.at(-1)?.abort();
  });
});
