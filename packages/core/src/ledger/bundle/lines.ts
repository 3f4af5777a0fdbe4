/** The leaf that a line of `leaves` names; undefined when it names none. */
export function parseLeaf(line: string): number | undefined {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(line)) return undefined;
  const leaf = Number(line);
  return Number.isSafeInteger(leaf) ? leaf : undefined;
}

/** A sealed value as a line of `blobs.jsonl` has it. */
export interface BlobLine {
  readonly hash: string;
  readonly base64: string;
}

export function formatBlobLine({ hash, base64 }: BlobLine): string {
  return `{"b":"${base64}","h":"${hash}"}`;
}

/** Reads a line of `blobs.jsonl`; undefined when it is none. Whether the base64 is canonical is not judged. */
export function parseBlobLine(line: string): BlobLine | undefined {
  const [, base64, hash] = BLOB.exec(line) ?? [];
  return base64 === undefined || hash === undefined ? undefined : { base64, hash };
}

const BLOB = /^\{"b":"([A-Za-z0-9+/]*={0,2})","h":"([0-9a-f]{64})"\}$/;
