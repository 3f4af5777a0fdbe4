// The product's store under load: every event is sealed into the chain of its session, appended, and
// moved into the Merkle tree once a second. Argument: JSON of `LoadRequest`. Prints JSON of `LoadResult`.
import { ChainWriter } from './chain-writer.ts';
import { type LoadRequest, sayBegun, warmUp, writeConcurrently } from './load.ts';
import { openStore } from './open-store.ts';

const SEAL_EVERY_MS = 1000;

const { dsn, writers, group, events, prefix } = JSON.parse(process.argv[2] ?? '{}') as LoadRequest;
const store = await openStore(dsn);
const chains = new ChainWriter(store, prefix);
const append = (writer: number): Promise<void> => chains.append(writer, group);

await writeConcurrently(writers, warmUp(writers), append);
// What was appended before the measurement is not sealed in it.
await store.trees.seal();
chains.bytes = 0;
sayBegun();
let sealing = Promise.resolve<unknown>(undefined);
const timer = setInterval(() => {
  sealing = sealing.then(() => store.trees.seal());
}, SEAL_EVERY_MS);
const result = await writeConcurrently(writers, Math.ceil(events / group), append, async () => {
  clearInterval(timer);
  await sealing;
  await store.trees.seal();
});
process.stdout.write(`${JSON.stringify({ ...result, bytes: chains.bytes })}\n`);
await store.close();
