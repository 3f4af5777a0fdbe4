import type { CompiledPattern } from './pattern.ts';

/**
 * What is to be masked: kinds (`MASK_KINDS`), those of them that are to be redacted (`redaction`), and patterns.
 */
export type Masks = readonly (string | CompiledPattern)[];

const REDACTED = 'redact:';

/** Asks that of a kind not even its name is left. */
export function redaction(kind: string): string {
  return `${REDACTED}${kind}`;
}

/** Masks taken apart. */
export interface ReadMasks {
  /** Every kind that is masked or redacted. */
  readonly kinds: ReadonlySet<string>;
  /** The kinds and patterns that are redacted, by name. */
  readonly redacted: ReadonlySet<string>;
  readonly patterns: readonly CompiledPattern[];
}

export function readMasks(masks: Masks): ReadMasks {
  const kinds = new Set<string>();
  const redacted = new Set<string>();
  const patterns: CompiledPattern[] = [];
  for (const mask of masks) {
    if (typeof mask !== 'string') {
      patterns.push(mask);
      if (mask.action !== 'mask') redacted.add(mask.name);
    } else if (mask.startsWith(REDACTED)) {
      kinds.add(mask.slice(REDACTED.length));
      redacted.add(mask.slice(REDACTED.length));
    } else kinds.add(mask);
  }
  return { kinds, redacted, patterns };
}
