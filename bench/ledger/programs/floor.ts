// The floor: the bare engine writing the same rows in the same batches with the same flushes, and for each event one
// `JSON.stringify` and one SHA-256. Nothing is canonical, chained, checked, guarded or in a tree. Argument as for `aegis.ts`.
import { hash } from 'node:crypto';
import { draftOf } from '../events.ts';
import { type BareEngine, openBareEngine, type Row } from './bare-engine.ts';
import { type LoadRequest, sayBegun, warmUp, writeConcurrently } from './load.ts';

/** Appends in one transaction. */
const MAX_BATCH = 341;

const { dsn, writers, group, events, prefix } = JSON.parse(process.argv[2] ?? '{}') as LoadRequest;
const engine: BareEngine = await openBareEngine(dsn, writers);
const seqs = new Map<number, number>();
let waiting: { readonly rows: readonly Row[]; readonly done: () => void }[] = [];
let flushing = false;
let bytes = 0;

const append = (writer: number): Promise<void> => {
  const count = seqs.has(writer) ? group : group + 1;
  const rows = Array.from({ length: count }, () => rowOf(writer));
  return new Promise((done) => {
    waiting.push({ rows, done });
    if (flushing) return;
    flushing = true;
    setImmediate(() => void flush());
  });
};

function rowOf(writer: number): Row {
  const session = `${prefix}-${writer}`;
  const seq = seqs.get(writer) ?? 0;
  seqs.set(writer, seq + 1);
  const { type, payload } = draftOf(session, seq);
  const body = JSON.stringify({
    event_type: type,
    payload,
    prev_hash: NO_HASH,
    seq,
    session_id: session,
    tenant_id: 'bench',
    ts_unix_ms: Date.now(),
    user_id: 'bench',
  });
  bytes += body.length;
  return { session: writer, seq, hash: hash('sha256', body, 'buffer'), body };
}

const NO_HASH = '0'.repeat(64);

async function flush(): Promise<void> {
  while (waiting.length > 0) {
    const batch = waiting.slice(0, MAX_BATCH);
    waiting = waiting.slice(batch.length);
    await engine.insert(batch.flatMap(({ rows }) => rows));
    for (const { done } of batch) done();
    await new Promise((next) => setImmediate(next));
  }
  flushing = false;
}

await writeConcurrently(writers, warmUp(writers), append);
bytes = 0;
sayBegun();
const result = await writeConcurrently(writers, Math.ceil(events / group), append);
process.stdout.write(`${JSON.stringify({ ...result, bytes })}\n`);
await engine.close();
