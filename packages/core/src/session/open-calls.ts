import type { OpenCall } from './snapshot.ts';

type Bucket = readonly (readonly [string, OpenCall])[];

const BUCKETS = 32;
const NO_BUCKETS: readonly Bucket[] = Array.from({ length: BUCKETS }, () => []);

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
    const bucket = this.#buckets[bucketOf(id)] as Bucket;
    const at = placeIn(bucket, id);
    return at < 0 ? undefined : bucket[at]?.[1];
  }

  has(id: string): boolean {
    return placeIn(this.#buckets[bucketOf(id)] as Bucket, id) >= 0;
  }

  /** A copy in which the call stands so, or stands no more. */
  with(id: string, call: OpenCall | undefined): OpenCalls {
    const number = bucketOf(id);
    const bucket = (this.#buckets[number] as Bucket).slice();
    const at = placeIn(bucket, id);
    if (call !== undefined) bucket[at < 0 ? bucket.length : at] = [id, call];
    else if (at >= 0) bucket.splice(at, 1);
    const buckets = this.#buckets.slice();
    const size = this.size - (this.#buckets[number] as Bucket).length + bucket.length;
    buckets[number] = bucket;
    return new OpenCalls(buckets, size);
  }

  *entries(): Generator<[string, OpenCall], undefined> {
    for (const bucket of this.#buckets) for (const [id, call] of bucket) yield [id, call];
  }

  *keys(): Generator<string, undefined> {
    for (const [id] of this.entries()) yield id;
  }

  *values(): Generator<OpenCall, undefined> {
    for (const [, call] of this.entries()) yield call;
  }

  [Symbol.iterator](): Generator<[string, OpenCall], undefined> {
    return this.entries();
  }

  forEach(each: (call: OpenCall, id: string, calls: ReadonlyMap<string, OpenCall>) => void): void {
    for (const [id, call] of this) each(call, id, this);
  }
}

/** Negative where it is not. */
function placeIn(bucket: Bucket, id: string): number {
  for (let at = 0; at < bucket.length; at++) if (bucket[at]?.[0] === id) return at;
  return -1;
}

// The ends of ids differ: their last characters are random or counted.
function bucketOf(id: string): number {
  let hash = 0;
  for (let i = Math.max(0, id.length - 6); i < id.length; i++) hash = (hash * 31 + id.charCodeAt(i)) | 0;
  return hash & (BUCKETS - 1);
}
