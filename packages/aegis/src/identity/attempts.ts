import type { Clock } from '../ports.ts';

/** Failures within `WINDOW_MS` after which a source is locked out. */
const MAX_FAILURES = 10;
const WINDOW_MS = 60_000;

/** The first lock; each further one is twice as long, until a source keeps quiet for the longest. */
const LOCK_MS = 60_000;
const MAX_LOCK_MS = 15 * 60_000;

/** Sources that are remembered; beyond that the one that failed longest ago is forgotten. */
const MAX_SOURCES = 10_000;

interface Source {
  failures: number;
  sinceMs: number;
  locks: number;
  lockedUntilMs: number;
}

/** Who showed what is nobody's, and how often: too often, and nothing more is looked at for a while. */
export class Attempts {
  readonly #clock: Clock;
  readonly #spares: (source: string) => boolean;
  /** In order of the newest failure, the oldest first. */
  readonly #sources = new Map<string, Source>();

  /** A source that is spared is never locked out: there, one program would lock out all others. */
  constructor(clock: Clock, spares: (source: string) => boolean = () => false) {
    this.#clock = clock;
    this.#spares = spares;
  }

  /** Until when a source is locked out, Unix milliseconds; undefined when it is not. */
  lockedUntil(source: string): number | undefined {
    const known = this.#sources.get(source);
    return known !== undefined && known.lockedUntilMs > this.#clock.now() ? known.lockedUntilMs : undefined;
  }

  /** Counts a failure; gives until when it locks the source out, where it does. */
  failed(source: string): number | undefined {
    if (this.#spares(source)) return undefined;
    const now = this.#clock.now();
    const known = this.#sources.get(source) ?? { failures: 0, sinceMs: now, locks: 0, lockedUntilMs: 0 };
    this.#sources.delete(source);
    this.#sources.set(source, known);
    const [oldest] = this.#sources.keys();
    if (this.#sources.size > MAX_SOURCES && oldest !== undefined) this.#sources.delete(oldest);
    if (now - known.sinceMs >= WINDOW_MS) Object.assign(known, { failures: 0, sinceMs: now });
    known.failures++;
    if (known.failures < MAX_FAILURES) return undefined;
    if (now - known.lockedUntilMs >= MAX_LOCK_MS) known.locks = 0;
    const lockMs = Math.min(LOCK_MS * 2 ** known.locks, MAX_LOCK_MS);
    Object.assign(known, { failures: 0, sinceMs: now, locks: known.locks + 1, lockedUntilMs: now + lockMs });
    return known.lockedUntilMs;
  }
}
