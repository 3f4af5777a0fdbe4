import type { BundleManifest, Envelope, TileProof, Trust } from '@aegis/core';
import type { Findings } from './report.ts';

/** Looks on while a bundle is verified. */
export interface Watch {
  /** Sizes at which it will ask for the root of the tree. */
  readonly sizes: readonly number[];
  /** `envelope`: undefined when the line is no event. */
  event(leaf: number, envelope: Envelope | undefined, manifest: BundleManifest): void;
  /** After everything else. */
  end(manifest: BundleManifest, trust: Trust | undefined, tiles: TileProof, found: Findings): Promise<void>;
}

export const NOBODY: Watch = { sizes: [], event() {}, async end() {} };
