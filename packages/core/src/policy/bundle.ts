import { type Diagnostic, sortDiagnostics } from '../diagnostic.ts';
import { canonicalJson } from '../ledger/canonical.ts';
import type { Sha256 } from '../model/hash.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { SourceDocument } from '../source/document.ts';
import { fault, type Report, readString, readTable, refuseUnknownKeys } from '../source/report.ts';

/** What a bundle of a policy calls itself. */
export const POLICY_BUNDLE = 'aegis.dev/policy-bundle/v1';

/** The texts that a policy is made of, addressed by what they are. */
export interface PolicyBundle {
  /** The configuration, one of `files`. */
  readonly entry: string;
  /** By path as seen from the folder of the configuration, with `/`. */
  readonly files: Readonly<Record<string, string>>;
}

/** An Ed25519 signature over a bundle; both in base64. */
export interface BundleSignature {
  readonly publicKey: string;
  readonly value: string;
}

/** The bundle as JSON; what its fingerprint covers. */
export function bundleValue({ entry, files }: PolicyBundle): JsonObject {
  return { schema: POLICY_BUNDLE, entry, files: { ...files } };
}

/** SHA-256 (hex) of the canonical JSON of a bundle: its address. */
export function bundleFingerprint(bundle: PolicyBundle, sha256: Sha256): string {
  return sha256(canonicalJson(bundleValue(bundle)));
}

/** What a signature of a bundle is over; no other thing that is signed begins so. */
export function bundleSignedText(fingerprint: string): string {
  return `${POLICY_BUNDLE}\n${fingerprint}\n`;
}

/** The bundle as a file, with its signature where there is one. */
export function formatPolicyBundle(bundle: PolicyBundle, signature?: BundleSignature): string {
  const signed =
    signature === undefined ? {} : { signature: { public_key: signature.publicKey, value: signature.value } };
  return `${canonicalJson({ ...bundleValue(bundle), ...signed })}\n`;
}

/** Reads a bundle from its JSON. Everything wrong with it is reported at once; then there is none. */
export function readPolicyBundle(document: SourceDocument): {
  readonly bundle?: PolicyBundle;
  readonly signature?: BundleSignature;
  readonly diagnostics: readonly Diagnostic[];
} {
  const report: Report = { document, diagnostics: [...document.diagnostics] };
  const table = document.value === undefined ? undefined : readTable(report, [], document.value);
  const read = table && readMembers(report, table);
  if (read === undefined || report.diagnostics.length > 0) {
    return { diagnostics: sortDiagnostics(report.diagnostics) };
  }
  return { ...read, diagnostics: [] };
}

function readMembers(
  report: Report,
  table: JsonObject,
): { bundle: PolicyBundle; signature?: BundleSignature } | undefined {
  refuseUnknownKeys(report, [], table, ['schema', 'entry', 'files', 'signature']);
  if (table['schema'] !== POLICY_BUNDLE) {
    return fault(report, ['schema'], 'unknown-value', `this is not \`${POLICY_BUNDLE}\``);
  }
  const entry = readString(report, ['entry'], table['entry'] ?? null);
  const files = readTexts(report, ['files'], table['files'] ?? null);
  if (entry === undefined || files === undefined) return undefined;
  if (!Object.hasOwn(files, entry)) {
    return fault(report, ['entry'], 'unknown-value', `the bundle has no file \`${entry}\``);
  }
  const bundle = { entry, files };
  if (table['signature'] === undefined) return { bundle };
  const signature = readTexts(report, ['signature'], table['signature'], ['public_key', 'value']);
  const { public_key: publicKey, value } = signature ?? {};
  if (publicKey === undefined || value === undefined) {
    return fault(report, ['signature'], 'missing-key', 'a signature has `public_key` and `value`');
  }
  return { bundle, signature: { publicKey, value } };
}

function readTexts(
  report: Report,
  path: readonly string[],
  value: JsonValue,
  known?: readonly string[],
): Record<string, string> | undefined {
  const table = readTable(report, path, value);
  if (table === undefined) return undefined;
  if (known !== undefined) refuseUnknownKeys(report, path, table, known);
  const texts = Object.entries(table).flatMap(([name, text]) => {
    const read = readString(report, [...path, name], text);
    return read === undefined ? [] : [[name, read] as const];
  });
  return Object.fromEntries(texts);
}
