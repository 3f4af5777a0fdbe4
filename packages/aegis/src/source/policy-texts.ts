import { dirname } from 'node:path';
import {
  canonicalJson,
  type CompiledPolicy,
  formatPolicySnapshot,
  POLICY_SNAPSHOT,
  type PolicyLayer,
  type PolicyPart,
  type PolicySnapshot,
  readDocument,
  readPolicySnapshot,
  type Sha256,
  type WrittenPart,
} from '@aegis/core';
import { VERSION } from '../version.ts';
import type { Snapshots } from './snapshots.ts';

/** A layer by the absolute paths of its files. */
export type LayerFiles = Omit<PolicyLayer, 'parts'> & { readonly policyFiles: readonly string[] };

/** What a policy is compiled from. */
export interface PolicyParts {
  readonly parts: readonly PolicyPart[];
  readonly layers: readonly PolicyLayer[];
}

/** The texts of a policy. */
export interface PolicyTexts {
  /** As they were read before; undefined where they were not. */
  readonly restored: PolicyParts | undefined;
  readonly written: () => PolicyParts;
  /** Keeps what was read. */
  readonly keep: (policy: CompiledPolicy) => Promise<void>;
}

/** Fewer characters are read in no time. */
const WORTH_KEEPING = 64 * 1024;

interface Named {
  readonly file: string;
  readonly text: string;
  readonly base: string;
}

/**
 * Reads the texts of all policy files. A file that cannot be read has been reported by `read`, and is left out.
 *
 * INVARIANT: what is restored is what these texts say: the key covers every text, its file, where its relative paths
 * start, and the version that read it.
 */
export async function readPolicyTexts(
  sources: {
    readonly rules: WrittenPart | undefined;
    readonly policyFiles: readonly string[];
    readonly layers?: readonly LayerFiles[];
    readonly snapshots?: Snapshots | undefined;
  },
  options: {
    readonly read: (file: string) => Promise<string | undefined>;
    readonly resolvePath: (path: string) => string;
    readonly sha256: Sha256;
  },
): Promise<PolicyTexts> {
  const { read, resolvePath, sha256 } = options;
  const textsOf = async (files: readonly string[]): Promise<readonly Named[]> => {
    const texts = await Promise.all(files.map(read));
    return texts.flatMap((text, place) => {
      const file = files[place] as string;
      return text === undefined ? [] : [{ file, text, base: resolvePath(dirname(file)) }];
    });
  };
  const own = await textsOf(sources.policyFiles);
  const layers: (readonly [Omit<PolicyLayer, 'parts'>, readonly Named[]])[] = [];
  for (const { policyFiles, ...layer } of sources.layers ?? [])
    layers.push([layer, await textsOf(policyFiles)]);
  const inline: readonly WrittenPart[] =
    sources.rules === undefined
      ? []
      : [{ ...sources.rules, base: resolvePath(dirname(sources.rules.document.file)) }];
  const configuration = sources.rules?.document.file;
  const all = [...own, ...layers.flatMap(([, texts]) => texts)];
  const length = all.reduce((sum, { text }) => sum + text.length, 0);
  // Rules of the configuration itself are read with it, and told from others by their file.
  const apart = all.every(({ file }) => file !== configuration);
  const snapshots = length >= WORTH_KEEPING && apart ? sources.snapshots : undefined;
  const digests = (texts: readonly Named[]) =>
    texts.map(({ file, base, text }) => [file, base, sha256(text)]);
  const key = () =>
    sha256(
      canonicalJson([
        POLICY_SNAPSHOT,
        VERSION,
        digests(own),
        layers.map(([{ name }, texts]) => [name, digests(texts)]),
      ]),
    );
  const kept = snapshots && (await snapshots.read(key()));
  const snapshot = kept === undefined ? undefined : restore(kept);
  return {
    restored: snapshot && {
      parts: [...inline, { rules: snapshot.rules, asked: snapshot.asked }],
      layers: layers.map(([layer]) => ({
        ...layer,
        parts: [{ rules: snapshot.layers.get(layer.name) ?? [], asked: [] }],
      })),
    },
    written: () => ({
      parts: [...inline, ...own.map(partOf)],
      layers: layers.map(([layer, texts]) => Object.assign({}, layer, { parts: texts.map(partOf) })),
    }),
    keep: async (policy) => {
      await snapshots?.write(key(), formatPolicySnapshot(policy, configuration));
    },
  };
}

/** What cannot be read is as if it were not there. */
function restore(text: string): PolicySnapshot | undefined {
  try {
    return readPolicySnapshot(text);
  } catch {
    return undefined;
  }
}

function partOf({ file, text, base }: Named): WrittenPart {
  return { document: readDocument({ text, file }), base };
}
