import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AegisError, formatVerifierKey, parseVerifierKey, type VerifierKey } from '@aegis/core';
import { z } from 'zod';
import type { BundleReport } from '../bundle/report.ts';
import { verifyBundle } from '../bundle/verify.ts';
import { digest, systemClock } from '../platform.ts';
import type { StoreFinding } from './findings.ts';
import type { LedgerPlace } from './place.ts';

const recordSchema = z.strictObject({
  bundle_sha256: z.string().regex(/^[0-9a-f]{64}$/),
  imported_ms: z.int().nonnegative(),
  tenant: z.string(),
  scope: z.record(z.string(), z.json()),
  events: z.int().nonnegative(),
  /** The keys that were believed when it was imported: from then on it is held to them. */
  keys: z.array(z.string()).min(1),
});

/** What is kept of an imported bundle, beside its folder. */
export type ImportRecord = z.infer<typeof recordSchema> & { readonly id: string; readonly folder: string };

/** Hex digits of a bundle's hash that are its id here. */
const ID_DIGITS = 16;

function folderOf({ configuration }: LedgerPlace): string {
  return join(configuration.directory, '.aegis', 'imported');
}

/** What importing came to: nothing is kept of a bundle in which anything is wrong. */
export interface Import {
  readonly report: BundleReport;
  readonly record: ImportRecord | undefined;
}

/**
 * Keeps a bundle beside the ledger after it was verified; its events stay apart from those of the ledger.
 * Without keys those in the bundle are believed from then on. Fails with `FILE_UNREADABLE` and, when it is
 * here already, with `INPUT_INVALID`.
 */
export async function importBundle(
  place: LedgerPlace,
  bundle: string,
  keys: readonly VerifierKey[],
): Promise<Import> {
  const parent = folderOf(place);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const arriving = join(parent, `.arriving-${randomBytes(6).toString('hex')}`);
  try {
    await cp(bundle, arriving, { recursive: true, errorOnExist: true, force: false, verbatimSymlinks: true });
    await chmod(arriving, 0o700);
    // What is kept is what was verified, whatever becomes of the original meanwhile.
    const report = await verifyBundle(arriving, { keys, witnesses: [] });
    if (report.findingCount > 0 || report.manifest === undefined || report.trust === undefined) {
      return { report, record: undefined };
    }
    const { sha256: hash } = report;
    const id = hash.slice(0, ID_DIGITS);
    const folder = join(parent, id);
    if (existsSync(folder)) {
      throw new AegisError('INPUT_INVALID', `this bundle was imported already, as \`${id}\``);
    }
    const record = {
      bundle_sha256: hash,
      imported_ms: systemClock.now(),
      tenant: report.manifest.tenant,
      scope: report.manifest.scope,
      events: report.events,
      keys: report.trust.keys.filter(({ name }) => name === report.manifest?.origin).map(formatVerifierKey),
    };
    await writeFile(`${folder}.json`, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
    await rename(arriving, folder);
    return { report, record: { id, folder, ...record } };
  } catch (error) {
    if (error instanceof AegisError) throw error;
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new AegisError('FILE_UNREADABLE', `cannot import \`${bundle}\`: ${why}`, { cause: error });
  } finally {
    await rm(arriving, { recursive: true, force: true });
  }
}

/** What was imported, oldest first. Fails with `FILE_UNREADABLE`. */
export async function listImported(place: LedgerPlace): Promise<readonly ImportRecord[]> {
  const parent = folderOf(place);
  if (!existsSync(parent)) return [];
  const names = (await readdir(parent)).filter((name) => /^[0-9a-f]{16}$/.test(name)).toSorted();
  const records: ImportRecord[] = [];
  for (const id of names) records.push(await readRecord(parent, id));
  return records.toSorted((a, b) => a.imported_ms - b.imported_ms);
}

async function readRecord(parent: string, id: string): Promise<ImportRecord> {
  const folder = join(parent, id);
  const text = await readFile(`${folder}.json`, 'utf8').catch(() => '');
  const parsed = recordSchema.safeParse(parseJson(text));
  if (parsed.success) return { id, folder, ...parsed.data };
  throw new AegisError('FILE_UNREADABLE', `\`${folder}.json\` does not say what was imported as \`${id}\``, {
    help: `take \`${folder}\` out of there, and import it again`,
  });
}

/** Verifies every imported bundle, against the keys that were believed when it came. Gives how many there are. */
export async function verifyImported(
  place: LedgerPlace,
  found: (finding: StoreFinding) => void,
): Promise<number> {
  const records = await listImported(place);
  for (const { id, folder, bundle_sha256, keys } of records) {
    const trusted = keys.map((key) => parseVerifierKey(key, digest)).filter((key) => typeof key !== 'string');
    const { findings, findingCount, sha256 } = await verifyBundle(folder, { keys: trusted, witnesses: [] });
    const [first] = findings;
    if (first !== undefined) {
      const message = `imported bundle ${id}: ${first.kind}: ${first.message}, ${findingCount} findings`;
      found({ kind: 'import-damaged', message });
    } else if (sha256 !== bundle_sha256) {
      found({ kind: 'import-damaged', message: `imported bundle ${id} is another one by now` });
    }
  }
  return records.length;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
