import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPeopleAuthenticator, type KnownPerson } from '../../src/identity/people.ts';
import { tokenDigest } from '../../src/identity/tokens.ts';
import { createSecretStore } from '../../src/vault/secrets.ts';

const secrets = createSecretStore({
  environment: { ADA: 'ada-token', BOB: 'ada-token', AGENT: 'agent-token', BAD: 'two words' },
  directory: '/',
});

const isOfAgent = (digest: Buffer) => digest.equals(tokenDigest('agent-token'));

const person = (name: string, credential: KnownPerson['credential']): KnownPerson => ({
  name,
  roles: ['approver'],
  tenant: undefined,
  credential,
});

const open = (...people: KnownPerson[]) => createPeopleAuthenticator(people, secrets, isOfAgent);

describe('a person', () => {
  it.each([
    ['a token', { env: 'ADA' }],
    ['its digest', { sha256: hash('sha256', 'ada-token') }],
  ])('is known by %s', async (_, credential) => {
    const people = await open(person('ada', credential));
    expect(people('Bearer ada-token')).toMatchObject({ name: 'ada' });
    for (const wrong of ['Bearer ada-toke', 'Bearer ada-token ', 'ada-token', '', undefined]) {
      expect(people(wrong)).toBeUndefined();
    }
  });

  it.each([
    ['a token', { env: 'AGENT' }],
    ['its digest', { sha256: hash('sha256', 'agent-token') }],
  ])('cannot have an agent’s token, by %s, with which the agent could approve', async (_, credential) => {
    await expect(open(person('ada', credential))).rejects.toThrow('`ada` and an agent have the same token');
  });

  it('cannot have the token of another, nor one that cannot be sent', async () => {
    const [ada, bob] = [person('ada', { env: 'ADA' }), person('bob', { env: 'BOB' })];
    await expect(open(ada, bob)).rejects.toThrow('`ada` and `bob` have the same token');
    await expect(open(person('ada', { env: 'BAD' }))).rejects.toThrow('cannot be a bearer token');
  });
});
