// The parts of the HTTP API of HashiCorp Vault and OpenBao that are used: transit encrypt and decrypt, KV 1 and 2.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface TransitServer {
  readonly url: string;
  /** Method, path and namespace of each request that showed the token. */
  readonly requests: string[];
  sealed: boolean;
  stop(): void;
}

export const TOKEN = 'hvs.CAESIJ3v9kzWq0';

/** Starts a service with the transit key `aegis`, and with these secrets of the KV engines by path. */
export async function startTransit(
  secrets: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): Promise<TransitServer> {
  const key = randomBytes(32);
  const requests: string[] = [];
  const state = { sealed: false };
  const answer = (response: ServerResponse, status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const server = createServer((request, response) => {
    void serve(request, response);
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const {
      'x-vault-token': token,
      'x-vault-namespace': namespace = '',
      'x-vault-request': mark,
    } = request.headers;
    const path = request.url ?? '';
    if (path === '/v1/moved') {
      response.writeHead(307, { location: '/v1/secret/data/aegis' }).end();
      return;
    }
    if (state.sealed) return answer(response, 503, { errors: ['Vault is sealed'] });
    if (token !== TOKEN || mark !== 'true') return answer(response, 403, { errors: ['permission denied'] });
    requests.push(`${request.method} ${path} ${String(namespace)}`.trim());
    let text = '';
    for await (const part of request) text += String(part);
    if (request.method === 'GET') return answerKv(path);
    const body = JSON.parse(text);
    const aad = Buffer.from(body.associated_data ?? '', 'base64');
    if (path === '/v1/transit/encrypt/aegis') {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad);
      const parts = [
        cipher.update(Buffer.from(body.plaintext, 'base64')),
        cipher.final(),
        cipher.getAuthTag(),
      ];
      const ciphertext = `vault:v1:${Buffer.concat([nonce, ...parts]).toString('base64')}`;
      return answer(response, 200, { request_id: 'r', data: { ciphertext, key_version: 1 } });
    }
    if (path === '/v1/transit/decrypt/aegis') {
      try {
        const bytes = Buffer.from(String(body.ciphertext).slice('vault:v1:'.length), 'base64');
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(aad);
        decipher.setAuthTag(bytes.subarray(-16));
        const plaintext = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
        return answer(response, 200, { data: { plaintext: plaintext.toString('base64') } });
      } catch {
        return answer(response, 400, { errors: ['cipher: message authentication failed'] });
      }
    }
    return answer(response, 404, { errors: [] });

    function answerKv(asked: string): void {
      const [, mount = '', rest = ''] = /^\/v1\/([^/]+)\/(.+)$/.exec(asked) ?? [];
      const found = secrets[`${mount}/${rest}`];
      if (found === undefined) answer(response, 404, { errors: [] });
      else if (rest.startsWith('data/'))
        answer(response, 200, { data: { data: found, metadata: { version: 3 } } });
      else answer(response, 200, { data: found });
    }
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(stop);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    get sealed() {
      return state.sealed;
    },
    set sealed(sealed: boolean) {
      state.sealed = sealed;
    },
    stop,
  };
}
