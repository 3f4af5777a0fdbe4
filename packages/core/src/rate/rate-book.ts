import type { AccessRequest } from '../model/request.ts';
import { type CompiledRate, type RateBound, type RateLimit, rateOfKey } from './rate-limit.ts';
import { SlidingWindow } from './sliding-window.ts';

/** How a rate stands for one call. */
export interface RateReading {
  readonly rate: RateLimit;
  /** What the call is counted under. */
  readonly key: string;
  /** The bound that is nearest to being reached, or that is reached for longest. */
  readonly bound: RateBound;
  /** Calls in its window, as far as they are known. */
  readonly used: number;
  /** Milliseconds until a call is free again; 0 when one is. */
  readonly waitMs: number;
}

/** Most keys of one bound that are counted at a time; a further one has to wait until one of them is free. */
const MAX_KEYS = 20_000;

/** Calls of this process that are waited for at a time: one beyond them is counted twice when the ledger tells of it. */
const MAX_OWN = 20_000;

/** What was counted for each rate: shared by all sessions of a process. Times are Unix milliseconds. */
export class RateBook {
  /** By rate and window, then by key, the longest unused first. */
  readonly #counters = new Map<string, Map<string, SlidingWindow>>();
  /** Calls that were allowed here and that the ledger has not told of yet. */
  readonly #own = new Set<string>();
  readonly #rates: () => readonly CompiledRate[];

  /** `rates` gives those that are in force. */
  constructor(rates: () => readonly CompiledRate[]) {
    this.#rates = rates;
  }

  /** How the rates that are about a call stand. */
  read(request: AccessRequest, nowMs: number): readonly RateReading[] {
    const rates = this.#rates();
    return rates.flatMap((compiled) => {
      const key = compiled.keyOf(request);
      return key === undefined ? [] : [this.#reading(compiled, key, nowMs)];
    });
  }

  /** Counts a call that was allowed here, under a key of each rate that is about it. */
  take(callId: string, keys: readonly string[], nowMs: number): void {
    this.#own.add(callId);
    if (this.#own.size > MAX_OWN) {
      const [oldest] = this.#own;
      this.#own.delete(oldest ?? '');
    }
    this.#count(keys, nowMs);
  }

  /** Counts a call that the ledger tells of, unless it was allowed here. A key of a rate that is not there counts nothing. */
  learn(callId: string, keys: readonly string[], atMs: number): void {
    if (!this.#own.delete(callId)) this.#count(keys, atMs);
  }

  #count(keys: readonly string[], nowMs: number): void {
    for (const key of keys) {
      const name = rateOfKey(key);
      const compiled = this.#rates().find(({ rate }) => rate.name === name);
      for (const bound of compiled?.bounds ?? []) this.#add(name ?? '', bound, key, nowMs);
    }
  }

  #reading({ rate, bounds }: CompiledRate, key: string, nowMs: number): RateReading {
    let worst: RateReading | undefined;
    for (const bound of bounds) {
      const window = this.#counterOf(rate.name, bound).get(key);
      const used = window?.count(nowMs) ?? 0;
      const waitMs = window?.waitMs(bound.most, nowMs) ?? this.#roomIn(rate.name, bound, nowMs);
      const reading = { rate, key, bound, used, waitMs };
      if (worst === undefined || waitMs > worst.waitMs) worst = reading;
    }
    return worst as RateReading;
  }

  #counterOf(name: string, { windowMs }: RateBound): Map<string, SlidingWindow> {
    const place = `${windowMs} ${name}`;
    const held = this.#counters.get(place);
    if (held !== undefined) return held;
    const made = new Map<string, SlidingWindow>();
    this.#counters.set(place, made);
    return made;
  }

  /** SECURITY: with too many keys a new one waits; it never goes uncounted, and no other is forgotten for it. */
  #roomIn(name: string, bound: RateBound, nowMs: number): number {
    const counter = this.#counterOf(name, bound);
    if (counter.size < MAX_KEYS) return 0;
    const [oldest] = counter.values();
    return oldest === undefined ? 0 : Math.max(0, oldest.newestMs + bound.windowMs - nowMs);
  }

  #add(name: string, bound: RateBound, key: string, nowMs: number): void {
    const counter = this.#counterOf(name, bound);
    const window = counter.get(key) ?? new SlidingWindow(bound.windowMs);
    window.add(nowMs);
    counter.delete(key);
    counter.set(key, window);
    if (counter.size <= MAX_KEYS) return;
    for (const [unused, { newestMs, windowMs }] of counter) {
      if (newestMs + windowMs > nowMs) break;
      counter.delete(unused);
    }
  }
}
