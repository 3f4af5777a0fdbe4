import { AegisError } from '../errors.ts';
import type { SealedBlob } from '../model/event.ts';
import type { Sha256 } from '../model/hash.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import { canonicalJson } from './canonical.ts';
import { pointerToken } from './json-pointer.ts';
import { isSha256Hex } from './sha256-hex.ts';

/** Bytes of salt before each sealed value: nobody can guess a value from its commitment. */
export const SALT_BYTES = 32;

/** The member of a payload that holds the commitments; no draft may use it. */
export const SEALED_MEMBER = '$sealed';

/** One commitment as it stands in a payload: `h` is the blob's SHA-256, `n` its length in bytes. */
export interface Commitment {
  /** RFC 6901 pointer of the place that the value would have in the payload: `/args`. */
  readonly at: string;
  readonly h: string;
  readonly n: number;
}

export interface CommitmentTools {
  readonly sha256: Sha256;
  readonly utf8: (text: string) => Uint8Array;
  /** `SALT_BYTES` fresh random bytes. */
  readonly salt: () => Uint8Array;
}

/** Commits to a value: the blob is the salt followed by the UTF-8 bytes of its canonical JSON. */
export function commit(value: JsonValue, { sha256, utf8, salt }: CommitmentTools): SealedBlob {
  const salted = salt();
  if (salted.length !== SALT_BYTES) {
    throw new AegisError('INTERNAL', `a salt has ${SALT_BYTES} bytes, not ${salted.length}`);
  }
  const text = utf8(canonicalJson(value));
  const bytes = new Uint8Array(SALT_BYTES + text.length);
  bytes.set(salted);
  bytes.set(text, SALT_BYTES);
  return { hash: sha256(bytes), bytes };
}

/** The `$sealed` member for the values of a draft, and the blobs that it commits to. */
export function commitAll(
  sealed: JsonObject,
  tools: CommitmentTools,
): { readonly member: JsonObject; readonly blobs: readonly SealedBlob[] } {
  const member: Record<string, JsonValue> = {};
  const blobs: SealedBlob[] = [];
  for (const [name, value] of Object.entries(sealed)) {
    const blob = commit(value, tools);
    blobs.push(blob);
    member[`/${pointerToken(name)}`] = { h: blob.hash, n: blob.bytes.length };
  }
  return { member, blobs };
}

/** Splits a stored payload into what its draft said and the commitments; undefined when they are malformed. */
export function splitSealed(
  payload: JsonObject,
): { readonly plain: JsonObject; readonly commitments: readonly Commitment[] } | undefined {
  if (!Object.hasOwn(payload, SEALED_MEMBER)) return { plain: payload, commitments: [] };
  const { [SEALED_MEMBER]: member, ...plain } = payload;
  if (!isJsonObject(member)) return undefined;
  const commitments: Commitment[] = [];
  for (const [at, entry] of Object.entries(member)) {
    if (!isJsonObject(entry)) return undefined;
    const { h, n, ...rest } = entry;
    if (!isCommitment(at, h, n) || Object.keys(rest).length > 0) return undefined;
    commitments.push({ at, h: h as string, n: n as number });
  }
  return { plain, commitments };
}

/** Whether some value can be committed to like this. */
function isCommitment(at: string, h: JsonValue | undefined, n: JsonValue | undefined): boolean {
  const isHash = typeof h === 'string' && isSha256Hex(h);
  return at.startsWith('/') && isHash && Number.isSafeInteger(n) && (n as number) >= SALT_BYTES;
}
