import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { ModuleInput } from '@aegis/core';
import { afterEach, describe, expect, it } from 'vitest';
import { remoteOpa } from '../../../src/source/opa/remote.ts';
import { createSecretStore } from '../../../src/vault/secrets.ts';
import { Authority } from '../../api/tls/authority.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

type Answer = (request: IncomingMessage, body: string, response: ServerResponse) => void;

/** An OPA as its REST API is documented: `POST /v1/data/<path>` with an `input` gives a `result`. */
async function listen(answer: Answer): Promise<string> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => answer(request, Buffer.concat(parts).toString(), response));
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const says =
  (text: string, status = 200, headers = {}): Answer =>
  (_request, _body, response) => {
    response.writeHead(status, headers).end(text);
  };

const INPUT: ModuleInput = {
  request: { tool: 'rm', args: { a: ['"', 1.5] } },
  now_ns: 1_800_000_000_123_000_001n,
};

const ask = async (answer: Answer, deadlineMs = 5000) =>
  remoteOpa({ url: await listen(answer), entrypoint: 'aegis/decision', deadlineMs }).ask(INPUT);

describe('an OPA that runs elsewhere', () => {
  it('is sent the input and gives its result', async () => {
    const seen: unknown[] = [];
    const answer = await ask((request, body, response) => {
      seen.push(request.method, request.url, request.headers['content-type'], body);
      response.end('{"decision_id":"d","result":{"outcome":"allow"}}');
    });
    expect(answer).toEqual({ kind: 'value', value: { outcome: 'allow' } });
    expect(seen).toEqual([
      'POST',
      '/v1/data/aegis/decision',
      'application/json',
      '{"input":{"request":{"tool":"rm","args":{"a":["\\"",1.5]}},"now_ns":1800000000123000001}}',
    ]);
  });

  it('is asked below the path of its address', async () => {
    const paths: (string | undefined)[] = [];
    const url = await listen(({ url: path }, _body, response) => {
      paths.push(path);
      response.end('{"result":[]}');
    });
    await remoteOpa({ url: `${url}/opa/`, entrypoint: 'a', deadlineMs: 5000 }).ask(INPUT);
    await remoteOpa({ url: `${url}/opa`, entrypoint: 'a', deadlineMs: 5000 }).ask(INPUT);
    expect(paths).toEqual(['/opa/v1/data/a', '/opa/v1/data/a']);
  });

  it('says of an undefined document that it is one', async () => {
    expect(await ask(says('{}'))).toEqual({ kind: 'undefined' });
  });

  it.each<[string, Answer, string]>([
    ['an error', says('{"code":"internal_error"}', 500), 'OPA answers with the status 500'],
    ['what is no JSON', says('<html>'), 'OPA answers with something else than its API has'],
    ['what is no object', says('[]'), 'OPA answers with something else than its API has'],
    [
      'a key twice',
      says('{"result":["no"],"result":[]}'),
      'OPA answers with something else than its API has',
    ],
    ['an answer without end', says(`{"result":"${'x'.repeat(2_000_000)}"}`), 'OPA cannot be reached'],
    [
      'half an answer',
      (_request, _body, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"result":[]}');
        setTimeout(() => response.destroy(), 20);
      },
      'OPA cannot be reached',
    ],
  ])('that gives %s has not answered', async (_what, answer, message) => {
    expect(await ask(answer)).toEqual({ kind: 'fault', message });
  });

  it('that sends elsewhere is not followed', async () => {
    const asked: string[] = [];
    const other = await listen((_request, _body, response) => {
      asked.push('other');
      response.end('{"result":[]}');
    });
    expect(await ask(says('', 307, { location: `${other}/v1/data/aegis/decision` }))).toEqual({
      kind: 'fault',
      message: 'OPA answers with the status 307',
    });
    expect(asked).toEqual([]);
  });

  it('that is silent, or stops in the middle, has not answered in time', async () => {
    const late = { kind: 'fault', message: 'there was no answer within 200 ms' };
    expect(await ask(() => {}, 200)).toEqual(late);
    const halfway: Answer = (_request, _body, response) => {
      response.writeHead(200).write('{"result":');
    };
    expect(await ask(halfway, 200)).toEqual(late);
  });

  it('that is not there has not answered', async () => {
    const url = await listen(says('{}'));
    servers.splice(0).forEach((server) => server.close());
    expect(await remoteOpa({ url, entrypoint: 'a', deadlineMs: 5000 }).ask(INPUT)).toEqual({
      kind: 'fault',
      message: 'OPA cannot be reached',
    });
  });

  it('is shown the token, the one of now, and is not asked where there is none', async () => {
    const shown: (string | undefined)[] = [];
    const url = await listen((request, _body, response) => {
      shown.push(request.headers.authorization);
      response.end('{"result":[]}');
    });
    const folder = mkdtempSync(join(tmpdir(), 'aegis-opa-'));
    try {
      const store = createSecretStore({ environment: {}, directory: folder });
      const token = () => store.resolve({ file: 'token' });
      const opa = remoteOpa({ url, entrypoint: 'a', deadlineMs: 5000, token });
      for (const text of ['first', 'second']) {
        writeFileSync(join(folder, 'token'), `${text}\n`, { mode: 0o600 });
        expect(await opa.ask(INPUT)).toEqual({ kind: 'value', value: [] });
      }
      rmSync(join(folder, 'token'));
      expect(await opa.ask(INPUT)).toEqual({ kind: 'fault', message: 'the token for OPA cannot be had' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    expect(shown).toEqual(['Bearer first', 'Bearer second']);
  });

  it('is asked with TLS only where its certificate goes back to a root that is trusted, and is for its name', async () => {
    const [ours, other] = [new Authority(), new Authority()];
    try {
      const { cert, key } = ours.issue('DNS:localhost', 'serverAuth');
      const server = createTlsServer({ cert, key }, (_request, response) => response.end('{"result":[]}'));
      servers.push(server);
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      const { port } = server.address() as AddressInfo;
      const over = (host: string, ca?: string) =>
        remoteOpa({ url: `https://${host}:${port}`, entrypoint: 'a', deadlineMs: 5000, ca }).ask(INPUT);
      const unreached = { kind: 'fault', message: 'OPA cannot be reached' };
      expect(await over('localhost', ours.root)).toEqual({ kind: 'value', value: [] });
      expect(await over('localhost', other.root)).toEqual(unreached);
      expect(await over('localhost')).toEqual(unreached);
      expect(await over('127.0.0.1', ours.root)).toEqual(unreached);
    } finally {
      ours.remove();
      other.remove();
    }
  });
});
