import {
  BUNDLE_LEVELS,
  type BundleFinding,
  type BundleLevel,
  type BundleManifest,
  type LevelResult,
  type Trust,
} from '@aegis/core';

/** The most findings that a report holds; the others are only counted. */
const MAX_FINDINGS = 1000;

/** What a verification of a bundle found out. It is sound when `findingCount` is 0. */
export interface BundleReport {
  /** What it claims to be; undefined when that cannot be read. */
  readonly manifest: BundleManifest | undefined;
  /** SHA-256 of `bundle.json`, by which records name a bundle. */
  readonly sha256: string;
  readonly levels: Readonly<Record<BundleLevel, LevelResult>>;
  readonly findings: readonly BundleFinding[];
  readonly findingCount: number;
  readonly events: number;
  readonly sessions: number;
  /** Which keys were believed, and on what ground; undefined when it did not come to that. */
  readonly trust: Trust | undefined;
  readonly seconds: number;
}

/** Gathers what is found, and what was proved. */
export class Findings {
  readonly #findings: BundleFinding[] = [];
  readonly #failed = new Set<BundleLevel>();
  readonly #proved = new Map<BundleLevel, { readonly complete: boolean; readonly detail: string }>();
  #count = 0;

  get list(): readonly BundleFinding[] {
    return this.#findings;
  }

  get count(): number {
    return this.#count;
  }

  add(...findings: readonly BundleFinding[]): void {
    for (const finding of findings) {
      this.#count += 1;
      this.#failed.add(finding.level);
      if (this.#findings.length < MAX_FINDINGS) this.#findings.push(finding);
    }
  }

  /** A level was looked at to its end, and unless something was found it holds. */
  proved(level: BundleLevel, detail: string): void {
    this.#proved.set(level, { complete: true, detail });
  }

  /** A level was not looked at, or says nothing. */
  open(level: BundleLevel, detail: string): void {
    this.#proved.set(level, { complete: false, detail });
  }

  levels(): BundleReport['levels'] {
    return Object.fromEntries(
      BUNDLE_LEVELS.map((level) => [level, this.#level(level)]),
    ) as BundleReport['levels'];
  }

  #level(level: BundleLevel): LevelResult {
    if (this.#failed.has(level)) {
      const first = this.#findings.find((finding) => finding.level === level);
      return { state: 'fail', detail: first?.message ?? 'see the findings' };
    }
    const { complete, detail } = this.#proved.get(level) ?? { complete: false, detail: 'not reached' };
    return { state: complete ? 'pass' : 'not_checked', detail };
  }
}
