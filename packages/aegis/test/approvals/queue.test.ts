import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/platform.ts';
import type { StoredEntry } from '../../src/ports.ts';
import { CALL, grantOf, Process, problemOf } from './ground.ts';

describe('a question', () => {
  it('is asked once, however often the call is made, and people are told once', async () => {
    const here = new Process();
    const first = await here.call();
    const again = await here.call();
    expect(first.verdict).toEqual({ kind: 'pending' });
    expect(again.asked?.id).toBe(first.asked?.id);
    expect(here.told.map(({ approval }) => approval.id)).toEqual([first.asked?.id]);
  });

  it('is one for equal calls that are made at the same moment', async () => {
    const here = new Process();
    const calls = await Promise.all([
      here.queue.consider({ ...CALL, callId: 'call_a' }),
      here.queue.consider({ ...CALL, callId: 'call_b' }),
    ]);
    expect(calls[0]?.id).toBe(calls[1]?.id);
  });

  it('is found by a process that was not there when it was asked', async () => {
    const here = new Process();
    const { asked } = await here.call();
    const there = new Process(here);
    const [shown] = await there.desk.list();
    expect(shown).toMatchObject({
      standing: { kind: 'pending' },
      question: { name: 'send', args: CALL.args },
    });
    await there.answer(asked?.id ?? '', 'ann');
    expect((await here.call()).verdict).toMatchObject({ kind: 'approved', by: 'ann' });
  });

  it('that has expired is asked anew', async () => {
    const here = new Process();
    const { asked } = await here.call();
    here.clock.value += 60_001;
    expect(problemOf(await here.answer(asked?.id ?? '', 'ann'))).toBe('expired');
    const again = await here.call();
    expect(again.verdict).toEqual({ kind: 'pending' });
    expect(again.asked?.id).not.toBe(asked?.id);
  });

  it('is not asked for ever: an agent with too many that wait is denied', async () => {
    const here = new Process();
    for (let n = 0; n < 32; n++) await here.call({ args: { n } });
    expect((await here.call({ args: { n: 32 } })).verdict).toEqual({ kind: 'unavailable' });
    expect((await here.call({ agent: 'other', args: { n: 32 } })).verdict).toEqual({ kind: 'pending' });
    expect((await here.call({ args: { n: 3 } })).verdict).toEqual({ kind: 'pending' });
  });

  it('that was erased cannot be approved', async () => {
    const here = new Process();
    const { asked } = await here.call();
    const there = new Process({
      clock: here.clock,
      store: { ...here.store, blob: () => Promise.resolve(undefined) },
    });
    expect(problemOf(await there.answer(asked?.id ?? '', 'ann'))).toBe('changed');
  });

  it('is not shown as something else than what it is bound to', async () => {
    const here = new Process();
    const { asked } = await here.call();
    // Another call's question beside this one's event, as somebody with the database could put it there.
    const other = await here.call({ args: { to: 'somebody else' } });
    const entries: StoredEntry[] = [];
    for await (const entry of here.store.entries()) entries.push(entry);
    const at = (id: string | undefined) => entries.find(({ body }) => body.includes(`"approval_id":"${id}"`));
    const [mine, others] = [at(asked?.id), at(other.asked?.id)];
    const swapped = {
      ...here.store,
      async *entries(options?: { after?: number; limit?: number }) {
        for await (const entry of here.store.entries(options)) {
          if (entry.position !== mine?.position || others === undefined) yield entry;
          else {
            const sealed = JSON.parse(others.body).payload.$sealed;
            const envelope = JSON.parse(entry.body);
            const body = JSON.stringify({ ...envelope, payload: { ...envelope.payload, $sealed: sealed } });
            yield { ...entry, body, hash: sha256(body) };
          }
        }
      },
      blob: (hash: string) => here.store.blob(hash, others?.position ?? 0),
    };
    const there = new Process({ clock: here.clock, store: swapped });
    const shown = await there.desk.show(asked?.id ?? '');
    expect(shown?.approval.id).toBe(asked?.id);
    expect(shown?.question).toBeUndefined();
  });
});

describe('an approval', () => {
  it('has one call, whichever process claims it', async () => {
    const here = new Process();
    const { asked } = await here.call();
    await here.answer(asked?.id ?? '', 'ann');
    const processes = Array.from({ length: 6 }, () => new Process(here));
    const calls = await Promise.all(processes.map((one) => one.call({ user: 'olga' })));
    expect(calls.filter(({ verdict }) => verdict.kind === 'approved')).toHaveLength(1);
  });

  it('is not used up by a call that was given up', async () => {
    const here = new Process();
    const { asked } = await here.call();
    if (asked === undefined) throw new Error('nobody was asked');
    await here.answer(asked.id, 'ann');
    const held = { ...CALL, callId: 'call_given_up' };
    expect(await here.queue.ask(held, asked, { signal: AbortSignal.abort() })).toEqual({ kind: 'pending' });
    expect((await here.call()).verdict).toMatchObject({ kind: 'approved', by: 'ann' });
  });

  it('is asked for anew when policy has another digest, or the tool another definition', async () => {
    const here = new Process();
    const { asked } = await here.call();
    await here.answer(asked?.id ?? '', 'ann');
    for (const over of [
      { policyDigest: 'f'.repeat(64) },
      { definition: 'd'.repeat(64) },
      { grounds: ['ask', 'more'] },
    ]) {
      const other = await here.call(over);
      expect(other.verdict).toEqual({ kind: 'pending' });
      expect(other.asked?.id).not.toBe(asked?.id);
    }
  });

  it('is not given where policy or the tool have changed since', async () => {
    const here = new Process();
    const { asked } = await here.call();
    here.inForce = { policyDigest: 'f'.repeat(64), definition: () => undefined };
    expect(problemOf(await here.answer(asked?.id ?? '', 'ann'))).toBe('changed');
    here.inForce = { policyDigest: CALL.policyDigest, definition: () => 'd'.repeat(64) };
    expect(problemOf(await here.answer(asked?.id ?? '', 'ann'))).toBe('changed');
    expect(problemOf(await here.answer(asked?.id ?? '', 'ann', { approved: false }))).toBeUndefined();
  });

  it('is not seen, given or refused for another tenant', async () => {
    const here = new Process();
    const { asked } = await here.call();
    const answer = { person: { name: 'eve', roles: [] }, door: 'http', approved: true };
    expect(await here.desk.show(asked?.id ?? '', 'globex')).toBeUndefined();
    expect(await here.desk.list({ tenant: 'globex' })).toEqual([]);
    expect(problemOf(await here.desk.answer(asked?.id ?? '', answer, 'globex'))).toBe('unknown');
  });

  it('of four eyes runs with the second word', async () => {
    const here = new Process({ quorum: 2 });
    const { asked } = await here.call();
    await here.answer(asked?.id ?? '', 'ann');
    expect((await here.call()).verdict).toEqual({ kind: 'pending' });
    const alone = { grant: { scope: { kind: 'session' } } } as const;
    expect(problemOf(await here.answer(asked?.id ?? '', 'bob', alone))).toBe('invalid');
    expect(problemOf(await here.answer(asked?.id ?? '', 'bob', { edited: {} }))).toBe('invalid');
    await here.answer(asked?.id ?? '', 'bob');
    expect((await here.call()).verdict).toMatchObject({ kind: 'approved', by: 'ann and bob' });
  });
});

describe('a grant', () => {
  it('answers before anybody is asked, and no more once it is revoked', async () => {
    const here = new Process();
    const { asked } = await here.call();
    const made = await here.answer(asked?.id ?? '', 'ann', {
      grant: { scope: { kind: 'time', ms: 30_000 } },
    });
    expect((await here.call()).verdict).toMatchObject({ kind: 'approved' });
    expect((await here.call()).asked?.grant).toMatchObject({ id: grantOf(made), by: 'ann' });
    await here.desk.revoke(grantOf(made), { person: { name: 'bob', roles: [] }, door: 'cli' });
    expect((await here.call()).verdict).toEqual({ kind: 'pending' });
  });

  it('of somebody who is no approver any more gives nothing', async () => {
    const here = new Process();
    const { asked } = await here.call();
    await here.answer(asked?.id ?? '', 'dismissed', { grant: { scope: { kind: 'time', ms: 30_000 } } });
    await here.call();
    expect((await here.call()).verdict).toEqual({ kind: 'pending' });
  });

  it('is for a week at most, and for arguments that there are', async () => {
    const here = new Process();
    const { asked } = await here.call();
    for (const grant of [
      { scope: { kind: 'time', ms: 8 * 86_400_000 } },
      { scope: { kind: 'time', ms: Number.NaN } },
      { scope: { kind: 'session' }, args: { cc: '*' } },
      { scope: { kind: 'session' }, name: 'send\\' },
    ] as const) {
      expect(problemOf(await here.answer(asked?.id ?? '', 'ann', { grant }))).toBe('invalid');
    }
  });
});

describe('the follower', () => {
  it('begins where nothing older can count, and finds all that can', async () => {
    const here = new Process({ expiresMs: 60_000 });
    await here.call({ args: { old: true } });
    here.clock.value += 9 * 86_400_000;
    for (let n = 0; n < 40; n++)
      await here.record('acme', 'olga', [
        { type: 'ERROR_RAISED', payload: { code: 'X', message: 'a note' } },
      ]);
    const { asked } = await here.call();
    const there = new Process(here);
    const all = await there.desk.list({ all: true });
    expect(all.map(({ approval }) => approval.id)).toEqual([asked?.id]);
  });
});
