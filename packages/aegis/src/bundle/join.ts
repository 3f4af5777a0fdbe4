import {
  type Anchors,
  type BundleManifest,
  counted,
  type Envelope,
  equalHashes,
  hexToBytes,
  type Trust,
  type TileProof,
  type VerifierKey,
  verifierKey,
} from '@aegis/core';
import { digest } from '../platform.ts';
import { LeafCover } from './leaf-cover.ts';
import type { BundleReport, Findings } from './report.ts';
import { readManifest, verifyFolder } from './verify.ts';

/** An archived segment that was given with a bundle. */
export interface JoinedSegment {
  readonly folder: string;
  readonly report: BundleReport;
}

interface JoinedReport extends BundleReport {
  readonly segments: readonly JoinedSegment[];
}

/** What a `SEGMENT_ARCHIVED` event says. */
interface Archived {
  readonly events: number;
  readonly sha256: string;
}

type Progress = (events: number, of: number) => void;

/**
 * Verifies a bundle together with segments that were archived before it was exported, as the one log that they
 * are: each segment is the one that an event of the bundle names by its hash, stands in the same tree, and every
 * leaf is in one of them. Fails with `FILE_UNREADABLE` when one of the folders holds no bundle.
 */
export async function verifyJoined(
  folder: string,
  segments: readonly string[],
  anchors: Anchors,
  onProgress: Progress = () => {},
): Promise<JoinedReport> {
  const claims = await Promise.all(segments.map((segment) => readManifest(segment)));
  const sizes = claims.flatMap((claim) => (claim === undefined ? [] : [claim.size]));
  const cover = new LeafCover();
  const archived = new Map<string, Archived>();
  const joined: JoinedSegment[] = [];
  const report = await verifyFolder(folder, anchors, onProgress, {
    sizes,
    event(leaf, envelope, manifest) {
      if (covers(manifest, leaf)) cover.add(leaf);
      const said = envelope && archivedIn(envelope);
      if (said !== undefined) archived.set(...said);
    },
    async end(manifest, trust, tiles, found) {
      const here = cover.count;
      for (const segment of segments) {
        const leaves: number[] = [];
        const one = await verifyFolder(segment, trustedBy(trust, await readManifest(segment)), onProgress, {
          sizes: [],
          event: (leaf) => leaves.push(leaf),
          end: async () => {},
        });
        joined.push({ folder: segment, report: one });
        const problem = problemOf(one, manifest, archived, tiles);
        if (problem === undefined) for (const leaf of leaves) if (covers(manifest, leaf)) cover.add(leaf);
        if (problem !== undefined) {
          found.add({ level: 'completeness', kind: 'segment-mismatch', file: segment, message: problem });
        }
      }
      conclude({ manifest, here, cover, archived, joined, found });
    },
  });
  return { ...report, segments: joined };
}

function covers({ scope, size }: BundleManifest, leaf: number): boolean {
  return scope.kind === 'range' ? leaf >= scope.first && leaf < scope.end : leaf < size;
}

function archivedIn({ event_type: type, payload }: Envelope): [string, Archived] | undefined {
  if (type !== 'SEGMENT_ARCHIVED') return undefined;
  const { segment, events, bundle_sha256 } = payload;
  return [String(segment), { events: Number(events), sha256: String(bundle_sha256) }];
}

/** SECURITY: a segment is signed by who signed the bundle, perhaps in an epoch before; its own keys count for nothing. */
function trustedBy(trust: Trust | undefined, manifest: BundleManifest | undefined): Anchors {
  const keys: VerifierKey[] = [];
  if (manifest !== undefined) {
    for (const { publicKey, name } of trust?.keys ?? []) {
      if (installationOf(name) === installationOf(manifest.origin))
        keys.push(verifierKey(manifest.origin, 'ed25519', publicKey, digest));
    }
  }
  const nobody = verifierKey('nobody', 'ed25519', new Uint8Array(32), digest);
  return { keys: keys.length > 0 ? keys : [nobody], witnesses: [] };
}

/** The installation that a log belongs to, in whatever epoch. */
function installationOf(origin: string): string {
  return /^[^/@]*/.exec(origin)?.[0] ?? '';
}

function problemOf(
  { manifest: claim, findings: [wrong], sha256 }: BundleReport,
  { tenant, size }: BundleManifest,
  archived: ReadonlyMap<string, Archived>,
  tiles: TileProof,
): string | undefined {
  if (wrong !== undefined) return `it is damaged: ${wrong.message}`;
  if (claim?.scope.kind !== 'segment') return 'it is no archived segment';
  const said = claim.tenant === tenant ? archived.get(claim.scope.segment) : undefined;
  if (said === undefined) return 'no event of the bundle says that it was archived';
  if (said.sha256 !== sha256)
    return 'it is not the one that was archived under this name: it has another hash';
  if (claim.size > size) return 'it was archived after the bundle was exported';
  const root = tiles.rootAt(claim.size);
  if (typeof root === 'string') return `the bundle cannot show it in its log: there is no sound \`${root}\``;
  const same = equalHashes(root, hexToBytes(claim.root) ?? new Uint8Array());
  return same ? undefined : 'it is of another log: the bundle had another root at its size';
}

interface Conclusion {
  readonly manifest: BundleManifest;
  /** Leaves in the bundle itself. */
  readonly here: number;
  readonly cover: LeafCover;
  readonly archived: ReadonlyMap<string, Archived>;
  readonly joined: readonly JoinedSegment[];
  readonly found: Findings;
}

function conclude({ manifest, here, cover, archived, joined, found }: Conclusion): void {
  const { scope, size } = manifest;
  if (scope.kind !== 'all' && scope.kind !== 'range') {
    const message = 'only a bundle of everything, or of a time, is completed by archived segments';
    found.add({ level: 'completeness', kind: 'segment-mismatch', message });
    return;
  }
  const wanted = scope.kind === 'all' ? size : scope.end - scope.first;
  const absent = wanted - cover.count;
  const given = new Set(
    joined.map(({ report }) =>
      report.manifest?.scope.kind === 'segment' ? report.manifest.scope.segment : '',
    ),
  );
  const others = [...archived.keys()].filter((segment) => !given.has(segment));
  if (absent === 0) {
    const elsewhere = `${cover.count - here} in ${counted(joined.length, 'archived segment')}`;
    found.proved('completeness', `all ${counted(wanted, 'event')} of the log: ${here} here, ${elsewhere}`);
  } else if (others.length > 0) {
    const names = others.slice(0, 8).join(', ');
    found.open('completeness', `${absent} events are in archived segments that were not given: ${names}`);
  } else {
    const message = `${absent} of ${wanted} events are neither in the bundle nor in the segments`;
    found.add({ level: 'completeness', kind: 'missing-events', message });
  }
}
