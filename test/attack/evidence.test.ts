import { DatabaseSync } from 'node:sqlite';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aegis, startDaemon } from '../e2e/aegis.ts';
import { createHostileWorkspace, type HostileWorkspace } from '../e2e/hostile-workspace.ts';
import { eventsIn, openCallsIn } from '../e2e/ledger.ts';
import { exchangeRaw, post } from '../e2e/raw-http.ts';
import { callLine, connectRaw, denialOf, initialize } from '../e2e/raw-stdio.ts';

let workspace: HostileWorkspace;

beforeEach(() => {
  workspace = createHostileWorkspace();
});

afterEach(() => workspace.remove());

const verify = async (): Promise<number | null> =>
  (await aegis(['verify-ledger', '--config', workspace.configuration])).code;

/** Every sealed value of the ledger, as text. */
function sealedTexts(): string[] {
  const db = new DatabaseSync(workspace.ledger, { readOnly: true });
  const rows = db.prepare('select bytes from blob').all() as { bytes: Uint8Array }[];
  db.close();
  return rows.map(({ bytes }) => Buffer.from(bytes.subarray(32)).toString());
}

describe('what is sealed is what happened', () => {
  it('a number that no double holds is sealed as the client got it', async () => {
    const client = await connectRaw(workspace.configuration);
    await client.call('result', { raw: '{"content":[],"structuredContent":{"id":9007199254740993}}' });
    await client.close();
    expect(sealedTexts()).toContain('{"content":[],"structuredContent":{"id":9007199254740993}}');
    expect(await verify()).toBe(0);
  });

  it.each(['{"content":[{"type":"text","text":"\\ud800"}]}', '{"content":[],"\\udc00":1}'])(
    'a result that is no Unicode, %s, is a recorded failure',
    async (raw) => {
      const client = await connectRaw(workspace.configuration);
      expect(denialOf(await client.call('result', { raw }))?.code).toBe('UPSTREAM_FAILED');
      expect(openCallsIn(workspace.ledger)).toEqual([]);
      await client.close();
    },
  );

  it('a call has its outcome when the client goes away during it', async () => {
    const client = await connectRaw(workspace.configuration);
    client.send(callLine('slow', 'slow', { ms: '4000' }));
    await expect.poll(() => eventsIn(workspace.ledger).at(-1)?.type).toBe('TOOL_CALL_ALLOWED');
    await client.close();
    expect(openCallsIn(workspace.ledger)).toEqual([]);
    expect(await verify()).toBe(0);
  });

  it('a call has its outcome when its session is deleted during it', async () => {
    const daemon = await startDaemon(workspace.configuration);
    const known = { Authorization: `Bearer ${workspace.token}` };
    const opened = await exchangeRaw(daemon.url, post(initialize, known));
    const session = { ...known, 'Mcp-Session-Id': /mcp-session-id: (\S+)/i.exec(opened.text)?.[1] };
    const call = exchangeRaw(daemon.url, post(callLine(1, 'slow', { ms: '4000' }), session), 5_000);
    await expect.poll(() => eventsIn(workspace.ledger).at(-1)?.type).toBe('TOOL_CALL_ALLOWED');
    const end = post('', session).replace('POST', 'DELETE');
    expect((await exchangeRaw(daemon.url, end, 5_000)).statuses).toEqual([204]);
    await call;
    expect(openCallsIn(workspace.ledger)).toEqual([]);
    await daemon.stop();
    expect(await verify()).toBe(0);
  });

  it('a ledger that can take no more stops the calls', async () => {
    // A file-size limit of the process, which SQLite meets like a full disk.
    const limited = ['bash', '-c', 'ulimit -f 1280; exec "$0" "$@"', process.execPath] as const;
    const client = await connectRaw(workspace.configuration, { command: [...limited] });
    const codes: (string | undefined)[] = [];
    for (let n = 0; n < 80; n++) {
      codes.push(denialOf(await client.call('write', { n: String(n), pad: 'x'.repeat(3_000) }))?.code);
    }
    await client.close();
    expect([codes[0], codes.at(-1)]).toEqual([undefined, 'LEDGER_UNAVAILABLE']);
    const executed = existsSync(workspace.journal)
      ? readFileSync(workspace.journal, 'utf8').trim().split('\n').length
      : 0;
    const allowed = eventsIn(workspace.ledger).filter(({ type }) => type === 'TOOL_CALL_ALLOWED').length;
    expect(executed).toBeLessThanOrEqual(allowed);
    expect(await verify()).toBe(0);
  });
});
