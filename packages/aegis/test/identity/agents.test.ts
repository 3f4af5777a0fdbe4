import { describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../src/identity/agents.ts';
import type { SecretStore } from '../../src/ports.ts';
import { createSecretStore } from '../../src/vault/secrets.ts';

const secrets: SecretStore = createSecretStore({
  environment: {
    ADA: 'token-of-ada',
    BOB: 'token-of-bob',
    SAME: 'token-of-ada',
    SPACED: 'two words',
    LONG: 'x'.repeat(4097),
  },
  directory: '/',
});

const ADA = { name: 'ada', tenant: 'acme', token: { env: 'ADA' } };
const bearing = (authorization: string | undefined) => ({ authorization, certificate: undefined });
const BOB = { name: 'bob', tenant: 'default', token: { env: 'BOB' } };

describe('who presents a token', () => {
  it('is the agent that it belongs to', async () => {
    const authenticate = await createAuthenticator([ADA, BOB], secrets, undefined);
    expect(authenticate(bearing('Bearer token-of-ada'))).toEqual({ name: 'ada', tenant: 'acme' });
    // The scheme is case-insensitive (RFC 9110, section 11.1).
    expect(authenticate(bearing('bearer token-of-bob'))).toEqual({ name: 'bob', tenant: 'default' });
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer token-of-eve',
    'Bearer token-of-ada ',
    'Bearer token-of-ada, Bearer token-of-bob',
    'Bearer  token-of-ada',
    'Basic dG9rZW4tb2YtYWRh',
    'token-of-ada',
    'Bearer TOKEN-OF-ADA',
    'Bearer token-of-ad',
    `Bearer ${'x'.repeat(5000)}`,
  ])('is nobody with %j', async (authorization) => {
    const authenticate = await createAuthenticator([ADA, BOB], secrets, undefined);
    expect(authenticate(bearing(authorization))).toBeUndefined();
  });

  it('is the anonymous agent only with no token at all', async () => {
    const authenticate = await createAuthenticator([ADA], secrets, 'guest');
    expect(authenticate(bearing(undefined))).toEqual({ name: 'guest', tenant: 'default' });
    expect(authenticate(bearing('Bearer token-of-ada'))).toEqual({ name: 'ada', tenant: 'acme' });
    for (const wrong of ['Bearer wrong', 'Basic x', '']) expect(authenticate(bearing(wrong))).toBeUndefined();
  });
});

describe('a token that cannot serve', () => {
  it.each([
    [
      'belongs to two agents',
      [ADA, { ...BOB, token: { env: 'SAME' } }],
      'agents `ada` and `bob` have the same token',
    ],
    [
      'has a space',
      [{ ...BOB, token: { env: 'SPACED' } }],
      'the token of agent `bob` cannot be a bearer token',
    ],
    [
      'is too long',
      [{ ...BOB, token: { env: 'LONG' } }],
      'the token of agent `bob` cannot be a bearer token',
    ],
    [
      'is not there',
      [{ ...BOB, token: { env: 'NONE' } }],
      'no secret in environment variable `NONE`\n  where: the token of agent `bob`\n  why: it is not set, or empty',
    ],
  ])('is refused when it %s', async (_, agents, message) => {
    const refused = createAuthenticator(agents, secrets, undefined);
    await expect(refused).rejects.toMatchObject({ code: 'CONFIG_INVALID', message });
  });
});

describe('a client certificate', () => {
  const certificate = { sha256: 'a'.repeat(64), uris: ['spiffe://test/eve'], dns: ['eve.test'] };
  const shows = (authorization: string | undefined) => ({ authorization, certificate });
  const EVE = { name: 'eve', tenant: 'acme', certificate: { uri: 'spiffe://test/eve' } };
  const BOTH = { ...ADA, certificate: { sha256: 'a'.repeat(64) } };
  const who = async (
    agents: Parameters<typeof createAuthenticator>[0],
    shown: Parameters<Awaited<ReturnType<typeof createAuthenticator>>>[0],
  ) => {
    const recognised = await (await createAuthenticator(agents, secrets, 'guest'))(shown);
    return typeof recognised === 'object' ? recognised.name : recognised;
  };

  it('is its agent by digest, URI or host name, each compared as a whole', async () => {
    for (const name of [{ sha256: 'a'.repeat(64) }, { uri: 'spiffe://test/eve' }, { dns: 'EVE.test' }]) {
      expect(await who([{ ...EVE, certificate: name }], shows(undefined))).toBe('eve');
    }
    for (const name of [{ sha256: 'b'.repeat(64) }, { uri: 'spiffe://test/ev' }, { dns: '*.test' }]) {
      expect(await who([{ ...EVE, certificate: name }], shows(undefined))).toBeUndefined();
    }
  });

  it('that would answer to two agents is nobody', async () => {
    const twin = { name: 'twin', tenant: 'acme', certificate: { dns: 'eve.test' } };
    expect(await who([EVE, twin], shows(undefined))).toBeUndefined();
  });

  it('beside a token is needed as well as the token', async () => {
    expect(await who([BOTH], shows('Bearer token-of-ada'))).toBe('ada');
    expect(await who([BOTH], shows(undefined))).toBeUndefined();
    expect(await who([BOTH], bearing('Bearer token-of-ada'))).toBeUndefined();
  });

  it('of one agent takes no token of another', async () => {
    expect(await who([EVE, BOB], shows('Bearer token-of-bob'))).toBeUndefined();
    expect(await who([BOB], shows('Bearer token-of-bob'))).toBe('bob');
  });
});
