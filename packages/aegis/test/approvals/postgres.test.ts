import { expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres.ts';
import { describePostgres } from '../store/postgres/cluster.ts';
import { FixedClock } from '../enforce/harness.ts';
import { Process } from './ground.ts';

await describePostgres('approvals on several machines with one PostgreSQL', (cluster) => {
  it('are seen by all, settled by the first word, and used by one call', async () => {
    const dsn = await cluster.database();
    const clock = new FixedClock();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openPostgresStore(dsn)));
    const machines = stores.map((store) => new Process({ store, clock }));
    const [first, second, third] = machines;
    if (first === undefined || second === undefined || third === undefined) throw new Error('no machines');
    const { asked } = await first.call();
    const id = asked?.id ?? '';
    const words = await Promise.all([second.answer(id, 'ann'), third.answer(id, 'bob', { approved: false })]);
    expect(words.filter((word) => 'problem' in word)).toHaveLength(1);
    const standings = await Promise.all(machines.map(({ desk }) => desk.show(id)));
    const [kind, ...others] = new Set(standings.map((shown) => shown?.standing.kind));
    expect(others).toEqual([]);
    const calls = await Promise.all(machines.map((machine) => machine.call()));
    const ran = calls.filter(({ verdict }) => verdict.kind === 'approved');
    expect(ran).toHaveLength(kind === 'approved' ? 1 : 0);
    await Promise.all(stores.map((store) => store.close()));
  });
});
