import { exportSPKI, importJWK, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTokenReader, type TokenReading } from '../../src/identity/oauth/access-tokens.ts';
import { IssuerKeys } from '../../src/identity/oauth/issuer-keys.ts';
import { readKeys } from '../../src/identity/oauth/read-keys.ts';
import { Issuer, makeKey, type SigningKey } from './issuer.ts';

const AUDIENCE = 'https://gate.test/mcp';
const GOOD = { sub: 'builder', aud: AUDIENCE };

let issuer: Issuer;
let now: number;
const clock = { now: () => now };

beforeAll(async () => {
  issuer = await Issuer.open();
});
afterAll(() => issuer.close());
beforeEach(() => {
  now = Date.now();
  issuer.status = 200;
  issuer.requests = 0;
});

function reader(scopes: readonly string[] = [], claim = 'sub') {
  const keys = new IssuerKeys(() => readKeys({ kind: 'url', url: issuer.jwks }), clock);
  const accepted = {
    issuer: issuer.issuer,
    audience: AUDIENCE,
    claim,
    scopes,
    typ: 'at+jwt',
    algorithms: ['ES256', 'RS256'],
  } as const;
  return createTokenReader(accepted, keys.find, clock);
}

const SUBJECT: TokenReading = { kind: 'subject', subject: 'builder' };
const INVALID: TokenReading = { kind: 'invalid' };
const first = () => issuer.keys[0] as SigningKey;
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('an access token', () => {
  it('of the issuer for this gateway is whom it names', async () => {
    expect(await reader()(await issuer.sign(GOOD))).toEqual(SUBJECT);
    expect(
      await reader()(await issuer.sign({ sub: 'builder', aud: ['https://other.test', AUDIENCE] })),
    ).toEqual(SUBJECT);
    expect(
      await reader([], 'client_id')(await issuer.sign({ ...GOOD, sub: 'ann', client_id: 'builder' })),
    ).toEqual(SUBJECT);
  });

  const seconds = () => Math.floor(now / 1000);
  it.each<[string, () => Promise<string>]>([
    ['for another audience', () => issuer.sign({ ...GOOD, aud: 'https://other.test/mcp' })],
    ['for an audience that only begins so', () => issuer.sign({ ...GOOD, aud: `${AUDIENCE}/x` })],
    ['for no audience', () => issuer.sign({ sub: 'builder' })],
    ['of another issuer', () => issuer.sign({ ...GOOD, iss: 'https://evil.test' })],
    ['that never expires', () => issuer.sign({ ...GOOD, exp: undefined } as unknown as JWTPayload)],
    ['that is not good yet', () => issuer.sign({ ...GOOD, nbf: seconds() + 60 })],
    ['that names nobody', () => issuer.sign({ aud: AUDIENCE })],
    ['that names what is no text', () => issuer.sign({ ...GOOD, sub: ['builder'] as unknown as string })],
    ['that is an ID token', () => issuer.sign(GOOD, { header: { typ: 'JWT' } })],
    ['of no type', () => issuer.sign(GOOD, { header: { typ: undefined } })],
  ])('%s is nobody’s', async (_, make) => {
    expect(await reader()(await make())).toEqual(INVALID);
  });

  it('that has expired is known as such when it was good, and within the tolerance of clocks it is', async () => {
    const past = { ...GOOD, exp: seconds() - 31 };
    expect(await reader()(await issuer.sign(past))).toEqual({ kind: 'expired' });
    expect(await reader()(await issuer.sign(past, { key: await makeKey('first') }))).toEqual(INVALID);
    expect(await reader()(await issuer.sign({ ...GOOD, exp: seconds() - 20 }))).toEqual(SUBJECT);
  });

  it('without the scopes that are needed is refused as such', async () => {
    const read = reader(['act', 'see']);
    expect(await read(await issuer.sign({ ...GOOD, scope: 'see' }))).toEqual({ kind: 'insufficient_scope' });
    expect(await read(await issuer.sign({ ...GOOD, scope: 'see act more' }))).toEqual(SUBJECT);
    expect(await read(await issuer.sign({ ...GOOD, scp: ['act', 'see'] }))).toEqual(SUBJECT);
  });
});

describe('a forged token', () => {
  it('without a signature is nobody’s (`alg: none`)', async () => {
    const claims = part({ ...GOOD, iss: issuer.issuer, exp: Math.floor(now / 1000) + 60 });
    for (const alg of ['none', 'None', 'NONE']) {
      expect(await reader()(`${part({ alg, typ: 'at+jwt' })}.${claims}.`)).toEqual(INVALID);
      expect(await reader()(`${part({ alg, typ: 'at+jwt', kid: 'first' })}.${claims}.AA`)).toEqual(INVALID);
    }
  });

  it('signed with the public key as a shared secret is nobody’s (HS256)', async () => {
    const pem = await exportSPKI((await importJWK(first().jwk, 'ES256', { extractable: true })) as CryptoKey);
    for (const secret of [pem, JSON.stringify(first().jwk)]) {
      const token = await new SignJWT({ ...GOOD, iss: issuer.issuer })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'first' })
        .setExpirationTime('5m')
        .sign(new TextEncoder().encode(secret));
      expect(await reader()(token)).toEqual(INVALID);
    }
  });

  it('is nobody’s also where the issuer publishes a shared secret', async () => {
    const secret = new TextEncoder().encode('x'.repeat(32));
    const oct = { kty: 'oct', kid: 'secret', k: Buffer.from(secret).toString('base64url') };
    const keys = new IssuerKeys(async () => JSON.stringify({ keys: [oct] }), clock);
    const accepted = {
      issuer: issuer.issuer,
      audience: AUDIENCE,
      claim: 'sub',
      scopes: [],
      typ: 'at+jwt',
      algorithms: ['HS256'],
    } as const;
    const token = await new SignJWT({ ...GOOD, iss: issuer.issuer })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'secret' })
      .setExpirationTime('5m')
      .sign(secret);
    expect(await createTokenReader(accepted, keys.find, clock)(token)).toEqual(INVALID);
  });

  it('cannot bring its own key (`jwk`, `jku`, `x5u`), nor name one by a path or a statement (`kid`)', async () => {
    const own = await makeKey('first');
    for (const header of [
      { jwk: own.jwk },
      { jku: 'https://evil.test/jwks' },
      { x5u: 'https://evil.test/cert' },
      { kid: '../../../../dev/null' },
      { kid: "x' UNION SELECT 'key" },
    ]) {
      expect(await reader()(await issuer.sign(GOOD, { key: own, header }))).toEqual(INVALID);
    }
  });

  it('with one changed character is nobody’s', async () => {
    const [header, claims = '', signature] = (await issuer.sign(GOOD)).split('.');
    const changed = Buffer.from(claims, 'base64url').toString().replace('builder', 'foreman');
    expect(await reader()([header, Buffer.from(changed).toString('base64url'), signature].join('.'))).toEqual(
      INVALID,
    );
  });
});

describe('the keys of the issuer', () => {
  it('are asked for once, and again when a token names a new one', async () => {
    const read = reader();
    for (let n = 0; n < 20; n++) await read(await issuer.sign(GOOD));
    expect(issuer.requests).toBe(1);
    const [old] = issuer.keys as [SigningKey];
    issuer.keys = [await makeKey('second')];
    now += 31_000;
    expect(await read(await issuer.sign(GOOD))).toEqual(SUBJECT);
    expect(issuer.requests).toBe(2);
    expect(await read(await issuer.sign(GOOD, { key: old }))).toEqual(INVALID);
  });

  it('are not asked for by a flood of tokens that name keys nobody has', async () => {
    const read = reader();
    const key = await makeKey('nobody');
    const tokens = await Promise.all(
      Array.from({ length: 50 }, (_, n) => issuer.sign(GOOD, { key, header: { kid: `k${n}` } })),
    );
    const readings = await Promise.all(tokens.map((token) => read(token)));
    expect(new Set(readings.map(({ kind }) => kind))).toEqual(new Set(['invalid']));
    expect(issuer.requests).toBe(1);
  });

  it('that cannot be read let nobody in, and the issuer is not asked for each token', async () => {
    const read = reader();
    issuer.status = 500;
    for (let n = 0; n < 20; n++) {
      expect(await read(await issuer.sign(GOOD))).toEqual({ kind: 'unavailable' });
    }
    expect(issuer.requests).toBe(1);
    issuer.status = 200;
    now += 31_000;
    expect(await read(await issuer.sign(GOOD))).toEqual(SUBJECT);
  });

  it('are believed for ten minutes, and no longer', async () => {
    const read = reader();
    const forever = { ...GOOD, exp: Math.floor(now / 1000) + 36_000 };
    expect(await read(await issuer.sign(forever))).toEqual(SUBJECT);
    issuer.status = 500;
    now += 9 * 60_000;
    expect(await read(await issuer.sign(forever))).toEqual(SUBJECT);
    now += 2 * 60_000;
    expect(await read(await issuer.sign(forever))).toEqual({ kind: 'unavailable' });
  });

  it.each(['', '[]', '{"keys":{}}', `{"keys":[${'{},'.repeat(64)}{}]}`, '{"keys":[],"keys":[]}'])(
    'are none where the answer is %j',
    async (text) => {
      const keys = new IssuerKeys(async () => text, clock);
      const accepted = {
        issuer: issuer.issuer,
        audience: AUDIENCE,
        claim: 'sub',
        scopes: [],
        typ: 'at+jwt',
        algorithms: ['ES256'],
      } as const;
      expect(await createTokenReader(accepted, keys.find, clock)(await issuer.sign(GOOD))).toEqual({
        kind: 'unavailable',
      });
    },
  );
});
