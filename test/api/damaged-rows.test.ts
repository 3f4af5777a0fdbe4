import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiDaemon, type Parsed, startApi, TOKENS, type Who } from './daemon.ts';

let api: ApiDaemon;
let session: string;

// Somebody who can write to the file gives the events of one tenant to a session of another, while the daemon runs.
beforeAll(async () => {
  api = await startApi();
  await api.session('foreign');
  session = await api.session('builder');
  await api.ask('builder', 'POST', '/v1/actions', { session, type: 'delete', target: 'database' });
  const db = new DatabaseSync(join(api.configuration, '..', '.aegis', 'aegis.db'));
  const triggers = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${String(name)}`);
  db.prepare(
    `UPDATE event SET sid = (SELECT sid FROM session WHERE tenant = 'elsewhere')
     WHERE sid = (SELECT sid FROM session WHERE session = ?)`,
  ).run(session);
  for (const { sql } of triggers) db.exec(String(sql));
  db.close();
});

afterAll(() => api.remove());

const DAMAGE =
  'is not as it was sealed: the body was sealed for another place: it has another tenant and session';

/** Everything of a list, page by page, until there is no more or it fails. */
async function pages(who: Who): Promise<{ readonly seen: Parsed[]; readonly end: Parsed }> {
  const seen: Parsed[] = [];
  for (let after = 0; ; ) {
    const { status, body } = await api.ask(who, 'GET', `/v1/events?after=${after}`);
    if (status !== 200) return { seen, end: body };
    seen.push(...body.events);
    if (body.next === after) return { seen, end: undefined };
    after = body.next;
  }
}

describe('events that were given to another tenant in the file', () => {
  it.each<Who>(['stranger', 'auditor', 'admin'])('are told as damage in a list: %s', async (who) => {
    const { seen, end } = await pages(who);
    expect(end).toMatchObject({ code: 'CHAIN_BROKEN', detail: expect.stringContaining(DAMAGE) });
    expect(seen.filter(({ envelope }) => envelope.session_id === session)).toEqual([]);
  });

  it.each<Who>(['stranger', 'auditor'])('are told as damage by the stream: %s', async (who) => {
    const stop = new AbortController();
    const headers = { authorization: `Bearer ${TOKENS[who]}` };
    const { body } = await fetch(`${api.url}/v1/stream?after=0`, { headers, signal: stop.signal });
    let text = '';
    for await (const chunk of body ?? []) {
      text += new TextDecoder().decode(chunk);
      if (text.includes('event: damage')) break;
    }
    stop.abort();
    expect(text).toContain(DAMAGE);
    expect(text).not.toContain(session);
  });

  it('leave no session to be listed as if they were its own', async () => {
    const { status, body } = await api.ask('auditor', 'GET', '/v1/sessions');
    expect(status).toBe(500);
    expect(body).toMatchObject({ code: 'CHAIN_BROKEN' });
  });
});
