import type { OpenCall } from './snapshot.ts';

type Bucket = ReadonlyMap<string, OpenCall>;

const BUCKETS = 32;
const NO_BUCKETS: readonly Bucket[] = Array.from({ length: BUCKETS }, () => new Map());

/**
 * The open calls of a session: an immutable map whose changed copy shares all but a thirty-second
 * part with it, so that folding an event stays cheap with a thousand calls under way.
 */
export class OpenCalls implements ReadonlyMap<string, OpenCall> {
  static readonly none = new OpenCalls(NO_BUCKETS, 0);

  readonly size: number;
  readonly #buckets: readonly Bucket[];

  private constructor(buckets: readonly Bucket[], size: number) {
    this.#buckets = buckets;
    this.size = size;
  }

  static of(calls: ReadonlyMap<string, OpenCall>): OpenCalls {
    if (calls instanceof OpenCalls) return calls;
    let copy = OpenCalls.none;
    for (const [id, call] of calls) copy = copy.with(id, call);
    return copy;
  }

  get(id: string): OpenCall | undefined {
    return this.#bucket(id).get(id);
  }

  has(id: string): boolean {
    return this.#bucket(id).has(id);
  }

  /** A copy in which the call stands so, or stands no more. */
  with(id: string, call: OpenCall | undefined): OpenCalls {
    const old = this.#bucket(id);
    const bucket = new Map(old);
    if (call === undefined) bucket.delete(id);
    else bucket.set(id, call);
    const buckets = this.#buckets.slice();
    buckets[bucketOf(id)] = bucket;
    return new OpenCalls(buckets, this.size - old.size + bucket.size);
  }

  *entries(): Generator<[string, OpenCall], undefined> {
    for (const bucket of this.#buckets) yield* bucket;
  }

  *keys(): Generator<string, undefined> {
    for (const bucket of this.#buckets) yield* bucket.keys();
  }

  *values(): Generator<OpenCall, undefined> {
    for (const bucket of this.#buckets) yield* bucket.values();
  }

  [Symbol.iterator](): Generator<[string, OpenCall], undefined> {
    return this.entries();
  }

  forEach(each: (call: OpenCall, id: string, calls: ReadonlyMap<string, OpenCall>) => void): void {
    for (const [id, call] of this) each(call, id, this);
  }

  #bucket(id: string): Bucket {
    return this.#buckets[bucketOf(id)] as Bucket;
  }
}

// The ends of ids differ: their last characters are random or counted.
function bucketOf(id: string): number {
  let hash = 0;
  for (let i = Math.max(0, id.length - 6); i < id.length; i++) hash = (hash * 31 + id.charCodeAt(i)) | 0;
  return hash & (BUCKETS - 1);
}
