import type { SecretReference } from '../../ports.ts';
import type { ClassifierFailure, Mode, Position } from '@aegis/core';

/** Policies in Rego; paths are absolute. */
export interface ConfiguredRego {
  readonly files: readonly string[];
  /** The rule that is asked. */
  readonly entrypoint: string;
  readonly entrypointAt: Position;
  /** What the policies find below `data`. */
  readonly data?: string;
}

/** Policies in Cedar; paths are absolute. */
export interface ConfiguredCedar {
  readonly policies: readonly string[];
  /** Where they are named. */
  readonly at: Position;
  readonly entities?: string;
  readonly schema?: string;
}

/** OPA, as a bundle or a service; paths are absolute. */
export type ConfiguredOpa = {
  /** The document that is asked for: `aegis/decision`. */
  readonly entrypoint: string;
  readonly entrypointAt: Position;
  readonly deadlineMs: number;
  /** The parts of the input that it is shown; an empty path is all of it. */
  readonly reads: readonly (readonly string[])[];
} & (
  | {
      readonly kind: 'bundle';
      readonly file: string;
      readonly data?: string;
      readonly memoryMb: number;
    }
  | {
      readonly kind: 'remote';
      readonly url: string;
      readonly token?: SecretReference;
      /** Roots of its certificate, in a file. */
      readonly ca?: string;
    }
);

/** A policy beside the policy itself. Of all that speak of a call the strictest counts. */
export interface ConfiguredLayer {
  readonly name: string;
  readonly mode: Mode;
  /** Absolute paths. */
  readonly policyFiles: readonly string[];
  /** Globs; absent for everybody. */
  readonly agents?: readonly string[];
  readonly tenants?: readonly string[];
}

/** A classifier of texts on this machine. */
export interface ConfiguredClassifier {
  readonly url: string;
  readonly deadlineMs: number;
  readonly failure: ClassifierFailure;
}
