// Lives through the day with one daemon after another.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { aegis, type Daemon, startDaemon } from './aegis.ts';
import { configuration, DAY, MANIFEST, type Step } from './day.ts';
import { eventsIn } from './ledger.ts';
import { WanderingClient } from './replica-client.ts';

const AGENTS = ['coder', 'lab', 'buyer', 'mailer', 'rogue'];

/** How soon after a step began the daemon is killed, in milliseconds, by the number of the step. */
export type Kills = ReadonlyMap<number, number>;

/** What can be seen from outside. */
export interface Seen {
  readonly sessions: readonly Readonly<Record<string, unknown>>[];
  readonly approvals: readonly { readonly id: string; readonly status: string }[];
  readonly grants: readonly { readonly id: string; readonly status: string }[];
  readonly killed: string;
}

type Json = ReturnType<typeof JSON.parse>;

export class DayRun {
  readonly #folder = mkdtempSync(join(tmpdir(), 'aegis-day-'));
  readonly #configuration = join(this.#folder, 'aegis.toml');
  readonly #ledger = join(this.#folder, '.aegis/aegis.db');
  readonly #clients = new Map<string, WanderingClient>();
  #daemon: Daemon | undefined;
  #killing: Promise<unknown> | undefined;

  async start(): Promise<void> {
    const server = [process.execPath, fileURLToPath(new URL('./day-server.ts', import.meta.url))];
    writeFileSync(this.#configuration, configuration(JSON.stringify(server), await freePort()));
    writeFileSync(join(this.#folder, 'day.yaml'), MANIFEST);
    for (const name of [...AGENTS, 'ann', 'aud']) {
      writeFileSync(join(this.#folder, `${name}.token`), `token-of-${name}`, { mode: 0o600 });
    }
    this.#daemon = await startDaemon(this.#configuration);
  }

  /** What each step came to. After each kill `compare` hears what was seen before the step, and what is seen after it. */
  async live(
    kills: Kills,
    compare: (before: Seen, after: Seen, step: Step) => void = () => {},
  ): Promise<readonly string[]> {
    const outcomes: string[] = [];
    for (const [number, step] of DAY.entries()) {
      const afterMs = kills.get(number);
      const before = afterMs === undefined ? undefined : await this.see();
      if (afterMs !== undefined) this.#killing = this.#killAfter(afterMs);
      outcomes.push(await this.#take(step));
      if (before === undefined) continue;
      await this.#revive();
      compare(before, await this.see(), step);
    }
    return outcomes;
  }

  async see(): Promise<Seen> {
    const { sessions } = await this.#ask('aud', 'GET', '/v1/sessions');
    const states = await Promise.all(
      sessions.map(({ session, tenant }: Json) =>
        this.#ask('aud', 'GET', `/v1/sessions/${session}?tenant=${tenant}`),
      ),
    );
    const list = async (path: string, name: string) =>
      (await this.#ask('aud', 'GET', `${path}?all=true`))[name].map(({ id, status }: Json) => ({
        id,
        status,
      }));
    return {
      sessions: states.filter(({ agent }) => AGENTS.includes(agent)),
      approvals: await list('/v1/approvals', 'approvals'),
      grants: await list('/v1/grants', 'grants'),
      killed: (await aegis(['kill', 'list', '--json', '--config', this.#configuration])).stdout,
    };
  }

  async verified(): Promise<boolean> {
    return (await aegis(['ledger', 'verify', '--config', this.#configuration])).code === 0;
  }

  async end(): Promise<void> {
    await this.#daemon?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #killAfter(ms: number): Promise<void> {
    await sleep(ms);
    await this.#daemon?.stop('SIGKILL');
  }

  /** Waits for the kill and starts another daemon. Whoever started it knows that the one before is gone, and need not wait for its lease. */
  async #revive(): Promise<void> {
    if (this.#killing === undefined) return;
    await this.#killing;
    this.#killing = undefined;
    const db = new DatabaseSync(this.#ledger);
    db.exec('PRAGMA busy_timeout = 5000; DELETE FROM lease');
    db.close();
    this.#daemon = await startDaemon(this.#configuration);
  }

  async #take(step: Step): Promise<string> {
    const from = eventsIn(this.#ledger).length;
    for (;;) {
      try {
        return await this.#try(step);
      } catch (error) {
        if (this.#killing === undefined) throw error;
        await this.#revive();
        const became = step.kind === 'call' ? this.#becameOf(step, from) : undefined;
        if (became !== undefined) return became;
      }
    }
  }

  #try(step: Step): Promise<string> {
    switch (step.kind) {
      case 'call':
        return this.#call(step);
      case 'answer':
        return this.#answer(step);
      case 'switch':
        return this.#switch(step);
    }
  }

  async #call(step: Extract<Step, { kind: 'call' }>): Promise<string> {
    const { agent, tool, args } = step;
    const url = this.#daemon?.url ?? '';
    let client = this.#clients.get(agent);
    if (client === undefined) {
      client = new WanderingClient(`token-of-${agent}`);
      await client.initialize(url);
      this.#clients.set(agent, client);
    }
    const { status, body } = await client.call(url, tool, args);
    if (status === 404) {
      // The session was ended, as it is when its agent is stopped: a client begins another one.
      this.#clients.delete(agent);
      return this.#call(step);
    }
    const { _meta, isError } = (body.result ?? {}) as Json;
    const code = _meta?.['aegis/denial']?.code;
    if (code !== undefined) return code;
    if (status !== 200 || body.result === undefined || isError === true) {
      throw new Error(`${tool}: ${status} ${JSON.stringify(body)}`);
    }
    return 'ran';
  }

  async #answer({ approved, grant }: Extract<Step, { kind: 'answer' }>): Promise<string> {
    const { approvals } = await this.#ask('ann', 'GET', '/v1/approvals');
    // Nothing waits any more: the word was taken before its answer was lost.
    if (approvals.length === 0) return 'answered';
    const word = { approved, ...(grant === undefined ? {} : { grant }) };
    await this.#ask('ann', 'POST', `/v1/approvals/${approvals[0].id}`, word);
    return 'answered';
  }

  async #switch({ agent, killed }: Extract<Step, { kind: 'switch' }>): Promise<string> {
    const words = [killed ? 'kill' : 'revive', 'agent', agent, '--config', this.#configuration];
    const { code, stderr } = await aegis(words);
    if (code !== 0) throw new Error(stderr);
    // Every process notices within a second.
    await sleep(1_000);
    return 'switched';
  }

  async #ask(who: string, method: string, path: string, body?: object): Promise<Json> {
    const url = (this.#daemon?.url ?? '').replace(/\/mcp$/, path);
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer token-of-${who}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** What the ledger says of a call whose answer was lost; undefined for one that has to be made again. */
  #becameOf({ agent, tool, needsResult }: Extract<Step, { kind: 'call' }>, from: number): string | undefined {
    const events = eventsIn(this.#ledger);
    const own = new Set(
      events
        .filter(({ type, payload }) => type === 'SESSION_STARTED' && payload['agent'] === agent)
        .map(({ session }) => session),
    );
    const late = events.slice(from).filter(({ session }) => own.has(session));
    const id = late.find(
      ({ type, payload }) => type === 'TOOL_CALL_PROPOSED' && payload['tool_name'] === tool,
    )?.payload['call_id'];
    const of = (type: string) =>
      late.find((one) => one.type === type && one.payload['call_id'] === id)?.payload;
    if (id === undefined) return undefined;
    const denied = of('TOOL_CALL_DENIED');
    // Whoever held it for a person is gone: made again, it rests on the same answer.
    if (denied !== undefined)
      return denied['code'] === 'APPROVAL_EXPIRED' ? undefined : String(denied['code']);
    if (of('TOOL_CALL_ALLOWED') === undefined) return undefined;
    return needsResult === true && of('TOOL_RESULT')?.['outcome'] !== 'executed' ? undefined : 'ran';
  }
}

/** A port that was free a moment ago: the address of the daemon stays the same over its restarts. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
