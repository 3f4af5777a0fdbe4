// A daemon whose people sign in at a provider of the tests, and a place where its questions are posted.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Daemon, startDaemon } from '../e2e/aegis.ts';
import { Browser } from '../servers/browser.ts';
import { OidcProvider } from '../servers/oidc-provider.ts';

export class OidcGround {
  readonly folder = mkdtempSync(join(tmpdir(), 'aegis-oidc-'));
  readonly configuration = join(this.folder, 'aegis.toml');
  provider!: OidcProvider;
  daemon!: Daemon;
  url = '';
  /** What was posted. */
  readonly posted: string[] = [];
  #receiver: Server | undefined;

  /** `publicUrl` is how browsers come, where something stands before the daemon. */
  async start(publicUrl?: string): Promise<void> {
    this.provider = await OidcProvider.open('client-secret');
    this.#receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        this.posted.push(body);
        response.end('ok');
      });
    });
    const receiver = await listening(this.#receiver);
    // The address has to be known to the provider before there is a daemon.
    const place = createServer();
    const port = await listening(place);
    await new Promise((done) => place.close(done));
    this.url = `http://127.0.0.1:${port}`;
    mkdirSync(join(this.folder, '.aegis'), { mode: 0o700 });
    writeFileSync(join(this.folder, '.aegis/client'), 'client-secret', { mode: 0o600 });
    writeFileSync(join(this.folder, '.aegis/bot'), 'bot-token', { mode: 0o600 });
    writeFileSync(
      this.configuration,
      `[daemon]
addr = "127.0.0.1:${port}"
[oidc]
issuer = "${this.provider.issuer}"
client_id = "aegis"
client_secret = { file = ".aegis/client" }
url = "${publicUrl ?? this.url}"
session_minutes = 5
[[oidc.roles]]
value = "admins"
roles = ["admin"]
[[oidc.roles]]
value = "approvers"
roles = ["approver"]
[[oidc.roles]]
value = "acme-admins"
roles = ["admin"]
tenant = "acme"
[approvals]
wait_ms = 20000
channels = [{ kind = "slack", url = "http://127.0.0.1:${receiver}/slack" }]
[[agents]]
name = "bot"
token = { file = ".aegis/bot" }
[[policies]]
name = "ask"
action = "require_approval"
when = { tool_name = "pay" }
[[policies]]
name = "rest"
action = "allow"
`,
    );
    this.daemon = await startDaemon(this.configuration);
  }

  /** A browser in which somebody has signed in. */
  async signedIn(user: OidcProvider['user']): Promise<Browser> {
    this.provider.user = user;
    const browser = new Browser();
    const { response } = await browser.follow(`${this.url}/v1/sign-in`);
    if (response.status !== 200) throw new Error(`sign-in: ${response.status} ${await response.text()}`);
    await response.body?.cancel();
    return browser;
  }

  /** Where the provider sends a browser back to, which has not gone there yet. */
  async atCallback(browser: Browser, query = ''): Promise<URL> {
    const { url } = await browser.follow(`${this.url}/v1/sign-in${query}`, (at) => at.includes('/callback'));
    return new URL(url);
  }

  async remove(): Promise<void> {
    await this.daemon.stop();
    this.provider.close();
    this.#receiver?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}
