// An issuer of access tokens, as small as can be: its keys over HTTP, and whatever tokens a test wants.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

export async function makeKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } };
}

export class Issuer {
  readonly issuer: string;
  readonly close: () => void;
  /** What is served; replace it to rotate. */
  keys: SigningKey[];
  status = 200;
  requests = 0;

  private constructor(issuer: string, keys: SigningKey[], close: () => void) {
    this.issuer = issuer;
    this.keys = keys;
    this.close = close;
  }

  static async open(): Promise<Issuer> {
    const server = createServer((_, response) => {
      opened.requests++;
      response.writeHead(opened.status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ keys: opened.keys.map(({ jwk }) => jwk) }));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const opened = new Issuer(issuer, [await makeKey('first')], () => server.close());
    return opened;
  }

  get jwks(): string {
    return `${this.issuer}/jwks`;
  }

  /** A token that is good, but for what is said otherwise. */
  sign(
    claims: JWTPayload,
    { key = this.keys[0] as SigningKey, header = {} }: { key?: SigningKey; header?: object } = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: this.issuer, iat: now, exp: now + 300, ...claims })
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header })
      .sign(key.privateKey);
  }
}
