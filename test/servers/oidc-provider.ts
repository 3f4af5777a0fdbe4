// An OpenID Connect provider over HTTP, as small as can be and as strict as it must: codes and refresh tokens are good
// once, PKCE and the redirect address are compared. What it signs, a test can change.
import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a token says. */
export type Claims = Record<string, unknown>;

/** What an ID token is made of, for a test to change. */
export interface Making {
  claims: Claims;
  header: { alg: string; kid?: string; typ?: string };
}

interface Issued {
  readonly challenge: string;
  readonly redirectUri: string;
  readonly nonce: string;
}

export class OidcProvider {
  readonly issuer: string;
  readonly close: () => void;
  /** Whose browser comes. */
  user: Claims = { sub: 'ada', groups: ['approvers'] };
  change: (making: Making) => void = () => {};
  /** Put in place of an ID token as a whole. */
  forge: ((making: Making) => string) | undefined;
  /** What `userinfo` says, and how often it was asked. */
  userinfo: Claims = {};
  userinfoAsked = 0;
  /** Whether its token endpoint is away, and how often it was asked. */
  away = false;
  tokensAsked = 0;
  refreshBytes = 16;
  iss: string | undefined;
  readonly spki: string;
  readonly #key: KeyObject;
  readonly #jwk: object;
  readonly #secret: string;
  readonly #codes = new Map<string, Issued>();
  readonly #refresh = new Set<string>();

  private constructor(parts: {
    issuer: string;
    close: () => void;
    key: KeyObject;
    jwk: object;
    spki: string;
    secret: string;
  }) {
    this.issuer = parts.issuer;
    this.close = parts.close;
    this.#key = parts.key;
    this.#jwk = parts.jwk;
    this.spki = parts.spki;
    this.#secret = parts.secret;
    this.iss = parts.issuer;
  }

  static async open(secret: string): Promise<OidcProvider> {
    const { publicKey, privateKey } = makeRsaKey();
    const server = createServer((request, response) => {
      void opened.#serve(request, response).catch(() => response.writeHead(500).end('{}'));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' };
    const spki = publicKey.export({ format: 'pem', type: 'spki' });
    const close = (): void => void server.close();
    const opened: OidcProvider = new OidcProvider({ issuer, close, key: privateKey, jwk, spki, secret });
    return opened;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.issuer);
    const json = (status: number, body: object): void => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    };
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(200, {
          issuer: this.issuer,
          authorization_endpoint: `${this.issuer}/authorize`,
          token_endpoint: `${this.issuer}/token`,
          jwks_uri: `${this.issuer}/jwks`,
          userinfo_endpoint: `${this.issuer}/userinfo`,
          authorization_response_iss_parameter_supported: true,
        });
      case '/jwks':
        return json(200, { keys: [this.#jwk] });
      case '/userinfo':
        this.userinfoAsked++;
        return json(200, this.userinfo);
      case '/authorize': {
        const given = (name: string): string => url.searchParams.get(name) ?? '';
        if (given('client_id') !== 'aegis' || given('code_challenge_method') !== 'S256') return json(400, {});
        const code = randomBytes(16).toString('hex');
        const redirectUri = given('redirect_uri');
        this.#codes.set(code, { challenge: given('code_challenge'), redirectUri, nonce: given('nonce') });
        const back = new URL(redirectUri);
        back.searchParams.set('code', code);
        back.searchParams.set('state', given('state'));
        if (this.iss !== undefined) back.searchParams.set('iss', this.iss);
        response.writeHead(302, { Location: back.href }).end();
        return;
      }
      case '/token':
        this.tokensAsked++;
        if (this.away) return json(503, {});
        return this.#token(await formOf(request), request.headers.authorization, json);
      default:
        return json(404, {});
    }
  }

  async #token(
    form: URLSearchParams,
    authorization: string | undefined,
    json: (status: number, body: object) => void,
  ): Promise<void> {
    const basic = `Basic ${Buffer.from(`aegis:${this.#secret}`).toString('base64')}`;
    if (authorization !== basic) return json(401, { error: 'invalid_client' });
    const wrong = (): void => json(400, { error: 'invalid_grant' });
    if (form.get('grant_type') === 'refresh_token') {
      if (!this.#refresh.delete(form.get('refresh_token') ?? '')) return wrong();
      return json(200, await this.#tokens(undefined));
    }
    const code = form.get('code') ?? '';
    const issued = this.#codes.get(code);
    this.#codes.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (issued?.challenge !== challenge || issued.redirectUri !== form.get('redirect_uri')) return wrong();
    return json(200, await this.#tokens(issued.nonce));
  }

  async #tokens(nonce: string | undefined): Promise<object> {
    const now = Math.floor(Date.now() / 1000);
    const making: Making = {
      claims: {
        iss: this.issuer,
        aud: 'aegis',
        iat: now,
        exp: now + 300,
        ...this.user,
        ...(nonce === undefined ? {} : { nonce }),
      },
      header: { alg: 'RS256', kid: 'k1' },
    };
    this.change(making);
    const refresh = randomBytes(this.refreshBytes).toString('hex');
    this.#refresh.add(refresh);
    return {
      access_token: 'opaque',
      token_type: 'Bearer',
      id_token: this.forge?.(making) ?? signedBy(making, this.#key),
      refresh_token: refresh,
    };
  }
}

export function makeRsaKey() {
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

/** A token signed with RS256, whatever its header says. */
export function signedBy({ claims, header }: Making, key: KeyObject): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

/** A token that says it is not signed. */
export function unsigned({ claims, header }: Making): string {
  return `${encoded({ ...header, alg: 'none' })}.${encoded(claims)}.`;
}

/** A token signed with the public key as if it were a shared secret. */
export function signedWithPublicKey({ claims, header }: Making, spki: string): string {
  const text = `${encoded({ ...header, alg: 'HS256' })}.${encoded(claims)}`;
  return `${text}.${createHmac('sha256', spki).update(text).digest('base64url')}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
