// Who guesses tokens at a daemon as a user runs it, and what stands in the ledger of it.
import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aegis } from '../e2e/aegis.ts';
import { type ApiDaemon, type Parsed, startApi, TOKENS } from '../api/daemon.ts';

let api: ApiDaemon;

beforeAll(async () => {
  api = await startApi('', 4, { lock_out: 'everywhere' });
});

afterAll(() => api.remove());

/** A request on a connection that is kept. */
function ask(agent: Agent, token: string, path = '/v1/policies') {
  return new Promise<{ status: number; retryAfter: string | undefined }>((done, fail) => {
    request(`${api.url}${path}`, { agent, headers: { Authorization: `Bearer ${token}` } }, (response) => {
      response
        .resume()
        .on('end', () =>
          done({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] }),
        );
    })
      .on('error', fail)
      .end();
  });
}

it('whoever guesses tokens is locked out, and who was known stays so; the ledger says both once', async () => {
  const known = new Agent({ keepAlive: true, maxSockets: 1 });
  const guesser = new Agent({ keepAlive: true, maxSockets: 1 });
  expect((await ask(known, TOKENS.admin)).status).toBe(200);
  // A guess at another door counts as well.
  for (let n = 0; n < 5; n++) expect((await ask(guesser, `guess-${n}`)).status).toBe(401);
  for (let n = 0; n < 5; n++) expect((await ask(guesser, `guess-${n}`, '/v1/sessions')).status).toBe(401);
  const locked = await ask(guesser, 'guess-11');
  expect(locked.status).toBe(429);
  expect(Number(locked.retryAfter)).toBeGreaterThan(0);
  // What is right now says nothing, here and at MCP: else the lock would tell who goes on guessing.
  expect((await ask(guesser, TOKENS.auditor)).status).toBe(429);
  expect((await api.ask('builder', 'POST', '/mcp', {})).status).toBe(429);
  // Nobody is locked out of what is for everybody.
  expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${api.url}/openapi.json`)).status).toBe(200);
  expect((await ask(known, TOKENS.admin)).status).toBe(200);
  // Not even who is known may guess on.
  expect((await ask(known, TOKENS.auditor)).status).toBe(429);
  known.destroy();
  guesser.destroy();
  await api.daemon.stop();
  const { stdout } = await aegis(['events', '--json', '--after', '0', '--config', api.configuration]);
  const events: Parsed[] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).envelope)
    .filter((event) => /SIGN/.test(event.event_type));
  expect(events).toHaveLength(2);
  const [signedIn, failed] = events;
  expect(signedIn).toMatchObject({
    event_type: 'PERSON_SIGNED_IN',
    payload: { person: 'admin', roles: ['admin'], source: '127.0.0.1' },
  });
  expect(failed).toMatchObject({
    event_type: 'SIGN_IN_REFUSED',
    payload: { source: '127.0.0.1', failures: 10 },
  });
  expect(failed.payload.locked_until_ms).toBeGreaterThan(Date.now());
  expect(stdout).not.toContain('guess-');
});
