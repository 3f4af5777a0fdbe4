// A daemon whose approvers have keys and accounts, and a server that takes what it sends to them.
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { ApprovalGround, PERSON } from './approval-ground.ts';

export const KEY = 'a-key-that-only-ann-has';

export const SECRET = 'what-webhooks-are-signed-with';

interface Received {
  readonly path: string;
  readonly signature: string;
  readonly body: string;
}

/** Of the test that runs. */
export let ground: ApprovalGround;
let receiver: Server;
let received: Received[];
let failures: number;

/** Gives each test of the file a ground and a receiver of its own. */
export function channelsForEach(): void {
  beforeEach(async () => {
    ground = new ApprovalGround();
    writeFileSync(join(ground.folder, 'ann.key'), KEY, { mode: 0o600 });
    writeFileSync(join(ground.folder, 'webhook.secret'), SECRET, { mode: 0o600 });
    received = [];
    failures = 0;
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        if (failures-- > 0) return response.writeHead(503).end();
        const signature = String(request.headers['aegis-signature'] ?? '');
        received.push({ path: request.url ?? '', signature, body });
        return response.end('ok');
      });
    });
    await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  });

  afterEach(async () => {
    receiver.closeAllConnections();
    await new Promise((done) => receiver.close(done));
    await ground.remove();
  });
}

/** Has the receiver refuse what it is sent next, so many times. */
export function failNext(times: number): void {
  failures = times;
}

/** Approvers, and channels of the kinds given. */
export function configure(waitMs: number, channels: readonly string[] = []): void {
  const address = receiver.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const written = channels.map((channel) => channel.replaceAll('RECEIVER', `http://127.0.0.1:${port}`));
  ground.configure({
    approvals: `wait_ms = ${waitMs}
approvers = [
  { name = "ann", account = "ann-has-none", roles = ["lead"], key = { file = "ann.key" } },
  { name = "bob", account = "${PERSON}" },
]
channels = [${written.join(', ')}]`,
  });
}

export async function message(path: string): Promise<Received> {
  for (;;) {
    const found = received.find((one) => one.path === path);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function answer(
  link: string,
  form: Readonly<Record<string, string>>,
  headers: Record<string, string> = {},
) {
  return fetch(link, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });
}
