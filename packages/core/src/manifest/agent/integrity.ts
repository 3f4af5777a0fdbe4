import { canonicalJson } from '../../ledger/canonical.ts';
import type { Sha256 } from '../../model/hash.ts';
import { isJsonObject, type JsonObject } from '../../model/json.ts';

/**
 * SHA-256 (hex) over a set of files: of the canonical JSON of the object that has the digest of each file
 * under its path.
 */
export function treeDigest(files: ReadonlyMap<string, string>, sha256: Sha256): string {
  return sha256(canonicalJson(Object.fromEntries(files)));
}

/** What the signature of an agent manifest is over: the canonical JSON of all of it but the signature. */
export function signedText(manifest: JsonObject): string {
  const { integrity } = manifest;
  if (!isJsonObject(integrity)) return canonicalJson(manifest);
  const { signature: _, ...rest } = integrity;
  return canonicalJson({ ...manifest, integrity: rest });
}
