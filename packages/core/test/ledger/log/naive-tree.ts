import { digest } from './digest.ts';

/** A Merkle tree exactly as section 2.1 of RFC 6962 defines it, by recursion over its leaf data. */
export class NaiveTree {
  readonly #leafHashes: readonly Buffer[];
  readonly #roots = new Map<string, Buffer>();

  constructor(leafData: readonly Uint8Array[]) {
    this.#leafHashes = leafData.map((data) => sha256(Buffer.of(0), data));
  }

  /** MTH(D[start:end]). */
  root(start: number, end: number): Buffer {
    if (start === end) return sha256();
    if (end - start === 1) return this.#leafHashes[start] as Buffer;
    const key = `${start}:${end}`;
    const known = this.#roots.get(key);
    if (known !== undefined) return known;
    const k = start + largestPowerBelow(end - start);
    const root = sha256(Buffer.of(1), this.root(start, k), this.root(k, end));
    this.#roots.set(key, root);
    return root;
  }

  /** PATH(m, D[start:end]), `m` counted from the first leaf of all. */
  path(m: number, end: number, start = 0): Buffer[] {
    if (end - start === 1) return [];
    const k = start + largestPowerBelow(end - start);
    return m < k
      ? [...this.path(m, k, start), this.root(k, end)]
      : [...this.path(m, end, k), this.root(start, k)];
  }

  /** PROOF(m, D[0:n]). */
  proof(m: number, n: number): Buffer[] {
    return this.#subproof(m, 0, n, true);
  }

  #subproof(m: number, start: number, end: number, b: boolean): Buffer[] {
    if (m === end) return b ? [] : [this.root(start, end)];
    const k = start + largestPowerBelow(end - start);
    return m <= k
      ? [...this.#subproof(m, start, k, b), this.root(k, end)]
      : [...this.#subproof(m, k, end, false), this.root(start, k)];
  }
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.from(digest(Buffer.concat(parts)));
}

function largestPowerBelow(n: number): number {
  return 2 ** Math.floor(Math.log2(n - 1));
}
