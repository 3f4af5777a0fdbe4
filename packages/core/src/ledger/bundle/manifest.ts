import * as z from 'zod';
import { parseStrict } from '../../json/strict.ts';
import type { JsonObject } from '../../model/json.ts';
import { canonicalJson } from '../canonical.ts';
import { IDENTIFIER } from '../identifier.ts';
import { isBundlePath, REQUIRED_FILES } from './path.ts';
import { installationOriginOf } from './origin.ts';
import { bundleScope } from './scope.ts';

export const BUNDLE_FORMAT = 'aegis-bundle/1';

const whole = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const bundleManifest = z.strictObject({
  created_ms: whole,
  events: whole,
  /** Path to SHA-256 of every file but this one and the two notes. */
  files: z.record(z.string(), sha256),
  format: z.literal(BUNDLE_FORMAT),
  origin: z.string(),
  root: sha256,
  scope: bundleScope,
  size: z.int().positive(),
  tenant: z.string().regex(IDENTIFIER),
});

/** What a bundle claims to be: `bundle.json`, in its wire names. Nobody signs it. */
export type BundleManifest = Readonly<z.infer<typeof bundleManifest>>;

/** The text of `bundle.json`. */
export function formatManifest(manifest: BundleManifest): string {
  return `${canonicalJson(manifest)}\n`;
}

/** Reads `bundle.json`; a text says what is wrong with it, naming members and paths as they stand there. */
export function parseManifest(text: string): BundleManifest | string {
  const parsed = parseStrict(text);
  if (!parsed.ok) return `${parsed.problem.message}, at character ${parsed.problem.at}`;
  const checked = bundleManifest.safeParse(parsed.value);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys : [];
    const path = [...(issue?.path ?? []), ...unknown].join('.');
    return `\`${path}\` ${unknown.length > 0 ? 'is unknown' : 'is not as it must be'}`;
  }
  if (!isCanonical(parsed.value as JsonObject, text)) return 'it is not canonical JSON on one line';
  return contradiction(checked.data) ?? checked.data;
}

function isCanonical(value: JsonObject, text: string): boolean {
  return `${canonicalJson(value)}\n` === text;
}

function contradiction(manifest: BundleManifest): string | undefined {
  const { origin, tenant, size, events, scope, files } = manifest;
  if (installationOriginOf(origin, tenant) === undefined) {
    return `\`origin\` is not the name of a log of tenant \`${tenant}\``;
  }
  if (events > size) return '`events` is more than `size`';
  if (scope.kind === 'range' && !(scope.first < scope.end && scope.end <= size)) {
    return '`scope` names no leaves of the log';
  }
  const strange = Object.keys(files).find((path) => !isBundlePath(path, size));
  if (strange !== undefined) return `\`files\` names \`${strange}\`, which no bundle of this size has`;
  const missing = REQUIRED_FILES.find((path) => !Object.hasOwn(files, path));
  return missing === undefined ? undefined : `\`files\` does not name \`${missing}\``;
}
